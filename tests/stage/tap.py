"""Tests that speak TAP: a test is a sentence and what is to be done; stories may run side by side."""
import concurrent.futures
import sys
import threading
import time
import traceback

printing = threading.Lock()


class Wrong(AssertionError):
    """What was promised does not hold."""


def check(holds, what, *shown):
    if not holds:
        raise Wrong(' '.join([what] + [repr(s) if not isinstance(s, str) else s for s in shown]))


class Tap:
    """Counts and prints."""

    def __init__(self):
        self.number = self.failed = 0
        self.began = time.monotonic()

    def say(self, sentence, wrong=None):
        with printing:
            self.number += 1
            self.failed += wrong is not None
            print(f'{"not ok" if wrong is not None else "ok"} {self.number} - {sentence}')
            for line in (wrong or '').splitlines():
                print(f'# {line}')
            sys.stdout.flush()

    def note(self, said):
        with printing:
            print(f'# {said}', flush=True)

    def test(self, sentence, body, *given):
        """False when it failed."""
        try:
            body(*given)
        except Wrong as wrong:
            self.say(sentence, str(wrong))
        except Exception:  # whatever it is, the next test goes on
            self.say(sentence, traceback.format_exc())
        else:
            self.say(sentence)
            return True
        return False

    def side_by_side(self, stories, most):
        """Each story tells its own tests; one that falls over is one failed test."""
        with concurrent.futures.ThreadPoolExecutor(most) as pool:
            running = {pool.submit(body, *given): sentence for sentence, body, *given in stories}
            for ended in concurrent.futures.as_completed(running):
                if ended.exception():
                    self.say(f'{running[ended]} comes to its end', ''.join(traceback.format_exception(ended.exception())))

    def end(self):
        print(f'1..{self.number}')
        self.note(f'{time.monotonic() - self.began:.0f} seconds')
        return 1 if self.failed else 0


def until(seconds, what, look, every=0.05):
    """The first true thing that `look` gives; what was waited for is Wrong when the time is over."""
    last = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        check(time.monotonic() < last, f'after {seconds} seconds still not: {what}')
        time.sleep(every)
