"""The console as a whole: the routers of its pages, in the order of the navigation, and the files they load."""

from fastapi import APIRouter

from assigner.console import assets
from assigner.console.pages import assignment, contact, desk, invitation, online, own_status, queues, reference, sign_in

MODULES = (sign_in, invitation, own_status, desk, online, queues, contact, assignment, reference, assets)
ROUTERS: tuple[APIRouter, ...] = tuple(module.router for module in MODULES)
