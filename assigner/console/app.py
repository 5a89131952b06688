"""The console as a whole: the routers of its pages, in the order of the navigation, and the files they load."""

from fastapi import APIRouter

from assigner.console import assets
from assigner.console.pages import assignment, online, own_status, sign_in

ROUTERS: tuple[APIRouter, ...] = (sign_in.router, own_status.router, online.router, assignment.router, assets.router)
