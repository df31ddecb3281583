"""What people and scripts get wrong: a clear word, the right status, and nothing changed."""
import os
import socket
import subprocess
import time

from stage import tenants
from stage.house import House
from stage.tap import check, until
from typed import FAILED, USAGE, WAITS, Terminal, bring, tenant, typed, typed_json

MISTYPED = [
    (('convert',), USAGE, 'novate convert start'),
    (('convert', 'start'), USAGE, 'TENANT is missing'),
    (('convert', 'begin', 'x.example'), USAGE, 'there is no command "convert begin'),
    (('convert', 'start', 'a.example', 'b.example'), USAGE, '"b.example" is one word too many'),
    (('convert', 'start', 'a.example', '--now'), USAGE, "unrecognized option '--now'"),
    (('convert', 'start', 'a.example', '--as'), USAGE, 'requires an argument'),
    (('convert', 'start', 'not a domain'), FAILED, 'is not a domain. Type the tenant'),
    (('convert', 'start', ''), FAILED, 'is not a domain'),
    (('convert', 'start', 'a..example'), FAILED, 'is not a domain'),
    (('convert', 'start', 'nosuch.example', '--administrator', 'nobody'), FAILED, 'is not an e-mail address'),
    (('convert', 'start', 'nosuch.example', '--as', 'who@novate.example'), FAILED, 'no account who@novate.example'),
    (('convert', 'watch', 'never.example'), FAILED, 'There is no conversion of never.example. `novate convert start never.example` begins one.'),
    (('convert', 'resume', 'never.example'), FAILED, 'There is no conversion of never.example'),
    (('convert', 'stop', 'never.example'), FAILED, 'There is no conversion of never.example'),
    (('convert', 'report', 'never.example'), FAILED, 'There is no conversion of never.example'),
]
BAD_SETTINGS = [
    ('prot = 80', 'line 1: there is no setting "prot"'),
    ('port = 0', 'port must be a whole number from 1 to 65535, not "0"'),
    ('port = 99999', 'port must be a whole number from 1 to 65535, not "99999"'),
    ('port = http', 'port must be a whole number from 1 to 65535, not "http"'),
    ('public_url = ftp://x', 'public_url must be an address'),
    ('behind_proxy = maybe', 'behind_proxy must be yes or no'),
    ('listen = no.such.address', 'no.such.address'),
]


def organization(tenant_file):
    return tenant_file['organization']['value'][0]


def first(tenant_file, list_name):
    return tenant_file[list_name]['value'][0]


MALFORMED = [
    ('no organization', lambda t: t.pop('organization'), 'organization'),
    ('an organization without an id', lambda t: organization(t).pop('id'), 'organization.value[0].id'),
    ('an id that is no GUID', lambda t: organization(t).update(id='x'), 'organization.value[0].id is not a GUID'),
    ('SKUs that are no list', lambda t: t['subscribedSkus'].update(value={}), 'subscribedSkus.value is not an array'),
    ('a SKU without a part number', lambda t: first(t, 'subscribedSkus').pop('skuPartNumber'), 'subscribedSkus.value[0].skuPartNumber'),
    ('a subscription without a status', lambda t: first(t, 'directory/subscriptions').pop('status'),
     'directory/subscriptions.value[0].status'),
    ('a user without a name', lambda t: first(t, 'users').pop('userPrincipalName'), 'users.value[0].userPrincipalName'),
    ('licenses that are a number', lambda t: first(t, 'users').update(assignedLicenses=1), 'users.value[0].assignedLicenses'),
    ('a subscription whose total is text', lambda t: first(t, 'directory/subscriptions').update(totalLicenses='one'),
     'directory/subscriptions.value[0].totalLicenses'),
]


def stories(place):
    return [('mistyped', mistyped), ('tenants that cannot be converted', unfit, place), ('malformed tenants', malformed, place),
            ('two at once', two_at_once, place), ('no rights', no_rights, place), ('bad settings', bad_settings, place)]


def mistyped(tap, house, kind):
    for words, status, says in MISTYPED:
        tap.test(f'{kind}: `novate {" ".join(words)}` is told what is wrong', typed_wrong, house, words, status, says)


def typed_wrong(house, words, status, says):
    ended = typed(house, *words, status=status)
    check(says in ended.err, f'it says "{says}" on standard error:', ended)
    check(not ended.out, 'and nothing on standard output:', ended)


def unfit(tap, house, kind, place):
    tap.test(f'{kind}: a domain that Microsoft does not know is refused', unknown_domain, house)
    for name, change in (('nothingheld', nothing_held), ('trialonly', trial_only)):
        tap.test(f'{kind}: a tenant with nothing to convert ({name}) is refused', nothing_to_convert, house, place, name, change)


def unknown_domain(house):
    ended = typed(house, 'convert', 'start', 'nosuch.onmicrosoft.com', '--yes', status=FAILED)
    check('Microsoft knows no tenant with the domain nosuch.onmicrosoft.com' in ended.out + ended.err, 'the reason is told:', ended)
    check(typed_json(house, 'convert', 'watch', 'nosuch.onmicrosoft.com', status=FAILED)['state'] == 'refused', 'it is refused')


def nothing_held(tenant_file):
    for list_name in ('subscribedSkus', 'directory/subscriptions'):
        tenant_file[list_name]['value'] = []
    for user in tenant_file['users']['value']:
        user['assignedLicenses'] = user['licenseAssignmentStates'] = []


def trial_only(tenant_file):
    for subscription in tenant_file['directory/subscriptions']['value']:
        subscription['isTrial'] = True


def nothing_to_convert(house, place, name, change):
    made = tenants.renamed(os.path.join(tenants.OURS, 'bakery.json'), name)
    change(made)
    added = house.sandbox.run('tenant', 'add', tenants.written(made, place, name))
    check(added.returncode == 0, 'the tenant is added:', added.stderr)
    domain = tenants.domain(made)
    house.sandbox.act('consent', domain)
    ended = typed(house, 'convert', 'start', domain, '--yes', status=FAILED, says='there is nothing to convert')
    row = typed_json(house, 'convert', 'watch', domain, status=FAILED)
    check(row['state'] == 'refused' and row['why'] in ended.out + ended.err, 'it is refused and the reason told:', row, ended)
    check(not house.sandbox.orders(house.sandbox.tenant(domain)), 'nothing is bought')


def malformed(tap, house, kind, place):
    for number, (name, change, says) in enumerate(MALFORMED):
        made = tenants.renamed(os.path.join(tenants.OURS, 'bakery.json'), f'malformed{number}')
        change(made)
        tap.test(f'{kind}: a tenant file with {name} is refused by its member', refused, house,
                 tenants.written(made, place, f'malformed{number}'), says)
    path = os.path.join(place, 'torn.json')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('{"organization": {"value": [')
    tap.test(f'{kind}: a torn tenant file is refused by line and column', refused, house, path, 'torn.json:1:')
    tap.test(f'{kind}: a tenant file that is not there is refused', refused, house, os.path.join(place, 'nowhere.json'), 'does not exist')


def refused(house, path, says):
    ended = house.sandbox.run('tenant', 'add', path)
    check(ended.returncode == FAILED, 'it is refused:', ended)
    check(os.path.basename(path) in ended.stderr and says in ended.stderr, f'it names the file and "{says}":', ended.stderr)
    check(os.path.basename(path).replace('.json', '.onmicrosoft.com') not in str(house.sandbox.asked('info')['tenants']), 'nothing is kept')


def two_at_once(tap, house, kind, place):
    tap.test(f'{kind}: begun in two terminals at once there is one conversion', two_terminals, house, place)
    tap.test(f'{kind}: begun by another of its domains it is refused', two_domains, house, place)


def two_terminals(house, place):
    domain = tenant(house, place, 'twoterminals')
    house.sandbox.act('consent', domain)
    both = [subprocess.Popen([house.program, '--data', house.place, 'convert', 'start', domain, '--yes'], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    said = [child.communicate(timeout=60)[0] for child in both]
    for child, text in zip(both, said):
        told = child.returncode == FAILED and 'is already being converted' in text
        check(child.returncode == WAITS or told, 'each is told how it stands:', child.returncode, text)
    check(WAITS in [child.returncode for child in both], 'one of them goes on:', said)
    status, rows = house.ask('GET', '/api/v1/conversions')
    check(len([r for r in rows if r['domain'] == domain]) == 1, 'there is one conversion:', status, rows)
    house.sandbox.act('accept', domain)
    until(60, 'it is bought', lambda: house.look(domain).step == 'cancel-old')
    check(len(house.sandbox.orders(house.sandbox.tenant(domain))) == 1, 'one order is placed')


def two_domains(house, place):
    domain = tenant(house, place, 'twodomains')
    other = domain.replace('.onmicrosoft.com', '.example')
    bring(house, domain, 'plan')
    ended = typed(house, 'convert', 'start', other, '--yes', status=FAILED)
    check('already being converted under another of its domains; nothing was changed' in ended.out + ended.err, 'it says so:', ended)
    check(house.look(domain).step == 'plan', 'the first is where it was')
    check(typed_json(house, 'convert', 'report', other, status=FAILED)['state'] == 'refused', 'the second is refused')


def no_rights(tap, house, kind, place):
    domain = tenant(house, place, 'norights')
    status, row = house.ask('POST', '/api/v1/conversions', {'domain': domain}, who='ada')
    check(status == 201, 'a partner begins a conversion:', status, row)
    house.sandbox.act('consent', domain)
    until(60, 'the plan waits', lambda: house.look(domain).plan_hash and house.look(domain).state == 'waiting')
    path = f'/api/v1/conversions/{row["id"]}'
    tap.test(f'{kind}: another partner finds nothing of it', others_see_nothing, house, path, domain)
    tap.test(f'{kind}: nobody comes in without a token', nobody_comes_in, house, path, domain)
    tap.test(f'{kind}: a stale hash approves nothing', stale_hash, house, path, domain)


def unchanged(house, domain, method, path, form, status, who):
    before = house.look(domain)
    got, body = house.ask(method, path, form, who)
    check(got == status, f'{method} {path} is answered {status}:', got, body)
    after = house.look(domain)
    check((before.step, before.approved_hash) == (after.step, after.approved_hash), 'nothing changed:', before, after)
    return body


def others_see_nothing(house, path, domain):
    plan = house.look(domain).plan_hash
    for method, of, form in (('GET', '', None), ('POST', '/approve', {'hash': plan}), ('POST', '/stop', {}), ('POST', '/resume', {}),
                             ('GET', '/certificate', None)):
        body = unchanged(house, domain, method, path + of, form, 404, 'eve')
        check(domain not in str(body), 'the answer tells nothing:', body)
    _, rows = house.ask('GET', '/api/v1/conversions', who='eve')
    check(rows == [], 'the list is empty:', rows)


def nobody_comes_in(house, path, domain):
    house.tokens['mallory'] = 'novate_' + 'A' * 43
    for who in (None, 'mallory'):
        for method, of, form in (('GET', '', None), ('POST', '/stop', {})):
            unchanged(house, domain, method, path + of, form, 401, who)


def stale_hash(house, path, domain):
    body = unchanged(house, domain, 'POST', path + '/approve', {'hash': '0' * 64}, 409, 'ada')
    check('plan' in str(body), 'it says why:', body)
    unchanged(house, domain, 'POST', path + '/approve', {}, 409, 'ada')


def bad_settings(tap, house, kind, place):
    if kind != 'SQLite':
        return
    for line, says in BAD_SETTINGS:
        tap.test(f'a settings file with `{line}` is refused in words', bad_setting, house, place, line, says)
    tap.test('a busy port is told', busy_port, house, place)
    tap.test('a data directory that is a file is told', data_is_a_file, house, place)
    tap.test('with nobody at work, a conversion says so and can be left', nobody_at_work, house, place)


def elsewhere(place, name, conf):
    data = os.path.join(place, name)
    os.makedirs(data, exist_ok=True)
    with open(os.path.join(data, 'novate.conf'), 'w', encoding='utf-8') as file:
        file.write(conf + '\n')
    return data


def fails(house, words, says):
    ended = subprocess.run([house.program, *words], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
    check(ended.returncode == FAILED, 'it ends with 1:', ended)
    check(says in ended.stderr, f'it says "{says}":', ended.stderr)


def bad_setting(house, place, line, says):
    fails(house, ('--data', elsewhere(place, 'bad-settings', line), 'serve'), says)


def busy_port(house, place):
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        port = taken.getsockname()[1]
        data = elsewhere(place, 'busy-port', f'port = {port}')
        for command in ('serve', 'up'):
            began = time.monotonic()
            fails(house, ('--data', data, command), str(port))
            check(time.monotonic() - began < 20, 'it does not try for long')


def data_is_a_file(house, place):
    path = os.path.join(place, 'a-file')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('not a directory')
    for command in (('serve',), ('work',), ('convert', 'start', 'x.example')):
        fails(house, ('--data', path, *command), f'{path} is not a directory')
    with open(path, encoding='utf-8') as file:
        check(file.read() == 'not a directory', 'the file is as it was')


def nobody_at_work(house, place):
    quiet = House(house.program, os.path.join(place, 'nobody'), house.sandbox)
    try:
        terminal = Terminal(quiet, 'convert', 'start', 'nobody.example')
        terminal.sees('Nobody is at work on it: start `novate up`')
        terminal.interrupt()
        terminal.ended(WAITS)
    finally:
        quiet.end()
