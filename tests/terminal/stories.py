"""Whole conversions, and their being stopped."""
import hashlib
import json
import os
import re
import subprocess

from stage import tenants
from stage.tap import check, until
from typed import FAILED, WAITS, Terminal, bring, tenant, typed, typed_json

MOMENTS = ('before', 'between', 'after')


def stories(place):
    return ([(f'{os.path.relpath(path, tenants.ROOT)} is converted', converted, path, place) for path in tenants.found()] +
            [('stopped', stopped, place), ('at a terminal', at_a_terminal, place)])


def converted(tap, house, kind, path, place):
    name, domain = os.path.relpath(path, tenants.ROOT), tenants.domain(tenants.read(path))
    steps = [('is planned when its administrator lets us read', planned), ('is bought and cancelled, each when its person acts', carried),
             ('is as it was, with us', judged), ('has its certificate as PDF and JSON', certified), ('is not converted again', once)]
    for sentence, body in steps:
        if not tap.test(f'{kind}: {name} {sentence}', body, house, domain, os.path.join(place, f'certificate of {domain}')):
            return


def planned(house, domain, _):
    typed(house, 'convert', 'plan', domain, status=WAITS, says=(
        "Waits for the tenant's administrator since", 'Next: Open the administrator', rf'http://localhost:{house.port}/c/[\w-]+'))
    check(not house.sandbox.orders(house.sandbox.tenant(domain)), 'nothing is bought')
    house.sandbox.act('consent', domain)
    typed(house, 'convert', 'resume', domain, '--json', status=WAITS)
    until(60, 'the plan waits for the partner', lambda: house.look(domain)[1:4] == ('waiting', 'plan', 'partner'))
    typed(house, 'convert', 'plan', domain, says=(r'Recorded \d+ SKU', 'Waits for the partner since', r'Plan \w{12}', 'Exact match', r'Together (as agreed with you|USD [\d,.]+ a month(, and what is agreed for the rest)?)'))
    typed(house, 'convert', 'start', domain, status=WAITS, says='Waits for the partner since')
    row = typed_json(house, 'convert', 'plan', domain)
    check((row['state'], row['step'], row['approved_hash']) == ('waiting', 'plan', None), 'nothing is approved:', row)


def carried(house, domain, _):
    ended = typed(house, 'convert', 'start', domain, '--yes', status=WAITS, says="Waits for the tenant's administrator")
    check('Approved the plan' in ended.out, 'the plan is approved:', ended.out)
    house.sandbox.act('accept', domain)
    typed(house, 'convert', 'resume', domain, '--json', status=WAITS)
    until(60, 'it waits at cancel-old', lambda: house.look(domain)[1:4] == ('waiting', 'cancel-old', 'administrator'))
    typed(house, 'convert', 'resume', domain, status=WAITS, says=('Still to be ended.*seats? of', 'Next: '))
    row = typed_json(house, 'convert', 'report', domain, status=WAITS)
    check((row['state'], row['step']) == ('waiting', 'cancel-old'), 'it waits at cancel-old:', row)
    check(all(line['between'] for line in row['licenses']), 'both sets were counted:', row['licenses'])
    watching = subprocess.Popen([house.program, '--data', house.place, 'convert', 'watch', domain], stdout=subprocess.PIPE, text=True)
    house.sandbox.act('cancel', domain)
    said, _ = watching.communicate(timeout=60)
    check(watching.returncode == 0 and 'Converted. The certificate' in said and '\x1b' not in said, 'watch ends when it is done:',
          watching.returncode, said)


def judged(house, domain, _):
    house.sandbox.is_converted(domain)
    row = typed_json(house, 'convert', 'watch', domain)
    check(row['state'] == 'done' and not row['waits_for'], 'it is done:', row)
    for line in row['licenses']:
        check(all(line[moment] for moment in MOMENTS), 'it was counted three times:', line)
        check(line['before']['assigned'] == line['after']['assigned'], 'as many licenses are assigned:', line)
        check(line['before']['valid'] == line['after']['valid'], 'as many licenses are valid:', line)


def certified(house, domain, stem):
    ended = typed(house, 'convert', 'report', domain, '--to', stem)
    told = re.search(r'SHA-256 (\w{64})', ended.out)
    check(told, 'the sum is told:', ended.out)
    with open(stem + '.pdf', 'rb') as pdf, open(stem + '.json', 'rb') as text:
        check(pdf.read(5) == b'%PDF-', 'the paper is a PDF')
        body = text.read()
    check(hashlib.sha256(body).hexdigest() == told[1], 'the sum is that of the file')
    check(isinstance(json.loads(body), dict), 'the file is one object')
    check(typed_json(house, 'convert', 'report', domain, '--to', stem)['certificate_sha256'] == told[1], 'the JSON tells the same sum')
    typed(house, 'convert', 'report', domain, '--to', '/no/such/folder/x', status=FAILED, says='/no/such/folder/x.pdf could not be written')


def once(house, domain, _):
    """A tenant that is ours already."""
    ended = typed(house, 'convert', 'start', domain, '--yes', status=FAILED)
    row = typed_json(house, 'convert', 'watch', domain, status=FAILED)
    check(row['state'] == 'refused' and 'there is nothing to convert' in row['why'] and row['why'] in ended.out + ended.err,
          'it is refused and the reason told:', row, ended)
    house.sandbox.is_converted(domain)


def stopped(tap, house, kind, place):
    for number, step in enumerate(('record', 'plan', 'consent', 'provision', 'cancel-old'), 1):
        like = 'workshop.json' if step == 'cancel-old' else 'bakery.json'
        tap.test(f'{kind}: stopped at {step}, everything is undone and the tenant as it was', stopped_at, house, place, number, step, like)
    tap.test(f'{kind}: what is done cannot be stopped', too_late, house, place)


def stopped_at(house, place, number, step, like):
    domain = tenant(house, place, f'stopped{number}', like)
    bring(house, domain, step)
    typed(house, 'convert', 'stop', domain, says='(?i)undone|as it was|nothing was')
    row = typed_json(house, 'convert', 'watch', domain)
    check(row['state'] == 'undone', 'it is undone:', row)
    tenant_id = house.sandbox.tenant(domain)
    house.sandbox.nobody_lost_a_license(tenant_id)
    house.sandbox.is_as_before(tenant_id)
    bought = len(house.sandbox.orders(tenant_id))
    check(bought == (1 if step in ('provision', 'cancel-old') else 0), 'so many orders were placed:', bought)
    typed(house, 'convert', 'stop', domain, status=FAILED, says='(?i)ended|stopped|undone')
    typed(house, 'convert', 'start', domain, status=WAITS, says='Started converting')


def too_late(house, place):
    domain = tenant(house, place, 'toolate')
    bring(house, domain, 'cancel-old')
    house.sandbox.act('cancel', domain)
    until(30, 'the old subscription is seen to be gone', lambda: house.look(domain).state == 'done')
    typed(house, 'convert', 'stop', domain, status=FAILED, says='.')
    house.sandbox.is_converted(domain)


def at_a_terminal(tap, house, kind, place):
    tap.test(f'{kind}: at a terminal the plan is shown and asked about', asked, house, place)
    tap.test(f'{kind}: Microsoft tells that we were accepted, signed, and the conversion is woken', told, house, place)
    tap.test(f'{kind}: watching can be broken off, and the conversion goes on', broken_off, house, place)


def asked(house, place):
    domain = tenant(house, place, 'asked')
    house.sandbox.act('consent', domain)
    for answer in ('n\n', '\n'):
        terminal = Terminal(house, 'convert', 'start', domain)
        terminal.sees(r'Approve the plan \w{12} and buy it\? \[y/N\] ')
        terminal.answer(answer)
        terminal.ended(WAITS)
        check(house.look(domain).approved_hash is None, 'only a yes approves')
    terminal = Terminal(house, 'convert', 'start', domain)
    terminal.sees(r'\[y/N\] ')
    terminal.answer('y\n')
    terminal.ended(WAITS)
    check(house.look(domain).step == 'consent', 'a yes goes on:', house.look(domain))


def told(house, place):
    domain = tenant(house, place, 'told')
    bring(house, domain, 'consent')
    until(30, 'doctor says that we are told', lambda: re.search(
        r'events +Partner Center (tells us of changes, last on|is to tell us)', house.run('doctor').out))
    typed(house, 'connect', '--events', says=rf'Partner Center tells http://localhost:{house.port}/webhooks/microsoft of changes')
    house.sandbox.act('accept', domain)
    heard = f'name=reseller-relationship-accepted-by-customer tenant={house.sandbox.tenant(domain)} verdict=woke'
    until(30, 'the event was believed and woke it', lambda: heard in house.log('work'))
    until(30, 'it goes on', lambda: house.look(domain).step not in ('record', 'plan', 'consent'))
    status, metrics = house.ask('GET', '/metrics', who='olga')
    check(status == 200 and re.search(r'novate_events_total{verdict="woke"} [1-9]', metrics), 'it is counted:', metrics)
    check('event dropped' not in house.log('work'), 'every event was believed')


def broken_off(house, place):
    domain = tenant(house, place, 'brokenoff')
    bring(house, domain, 'consent')
    terminal = Terminal(house, 'convert', 'watch', domain)
    terminal.sees(r'\x1b\[K  step 3 of 10, waiting for the tenant.s administrator: ')
    terminal.interrupt()
    terminal.ended(WAITS)
    house.sandbox.act('accept', domain)
    until(30, 'it goes on', lambda: house.look(domain).step == 'cancel-old')
