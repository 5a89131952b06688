"""The console as a whole: the routers of its pages, in the order of the navigation, and the files they load."""

from fastapi import APIRouter

from assigner.console import assets
from assigner.console.pages import (
    contact,
    desk,
    invitation,
    online,
    own_status,
    queues,
    reference,
    reports,
    rule_text,
    rule_versions,
    rules,
    settings,
    settings_agents,
    settings_assignment,
    settings_audit,
    settings_deliveries,
    settings_keys,
    settings_offices,
    settings_roles,
    settings_webhooks,
    sign_in,
)

LEADING = (rules, rule_text, rule_versions, reports)
SETTINGS = (
    settings,
    settings_assignment,
    settings_agents,
    settings_offices,
    settings_roles,
    settings_keys,
    settings_webhooks,
    settings_deliveries,
    settings_audit,
)
MODULES = (sign_in, invitation, own_status, desk, online, queues, contact, *LEADING, *SETTINGS, reference, assets)
ROUTERS: tuple[APIRouter, ...] = tuple(module.router for module in MODULES)
