"""Tenant files: ours, those of the shared folder when it is there, and copies with other names."""
import json
import os
import re
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OURS = os.path.join(ROOT, 'assets', 'tenants')
SHARED = os.path.join(os.path.dirname(ROOT), 'shared', 'data', 'tenants')
GUID = re.compile(r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')


def found():
    """The tenants that are converted as they are: our own, and the two of the shared folder."""
    shared = [os.path.join(SHARED, name) for name in ('one-seat.json', 'workshop.json')]
    return [os.path.join(OURS, name) for name in ('bakery.json', 'workshop.json')] + [f for f in shared if os.path.exists(f)]


def read(path):
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def domains(tenant):
    return [row['id'] for row in tenant['domains']['value']]


def domain(tenant):
    return next(row['id'] for row in tenant['domains']['value'] if row['isInitial'])


def renamed(path, name):
    """A tenant like that of `path`, and yet another one: every id of its own and every name is new."""
    with open(path, encoding='utf-8') as file:
        text = file.read()
    tenant = json.loads(text)
    kept = {sku['skuId'] for sku in tenant['subscribedSkus']['value']}
    kept |= {plan['servicePlanId'] for sku in tenant['subscribedSkus']['value'] for plan in sku['servicePlans']}
    kept |= {plan for user in tenant['users']['value'] for held in user['assignedLicenses'] for plan in held['disabledPlans']}
    text = GUID.sub(lambda m: m[0] if m[0] in kept else str(uuid.uuid5(uuid.NAMESPACE_DNS, name + m[0])), text)
    return json.loads(text.replace(domain(tenant).split('.')[0], name))


def written(tenant, folder, name):
    path = os.path.join(folder, f'{name}.json')
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(tenant, file)
    return path
