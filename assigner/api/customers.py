"""Erasing what is known of a customer.

The customer is named in the body and not in the address, for addresses stand in the logs of whatever is in between."""

from functools import partial

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.schemas import Asked, Word
from assigner.service.erasure import Erasure, erase_customer, reworded_rules
from assigner.service.ids import new_id
from assigner.store.documents import to_plain
from assigner.store.erasure import contacts_of_customer

router = APIRouter(tags=["customers"], responses=documented(401, 403))


class EraseIn(Asked):
    """Whom to forget."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"customer_id": "c17"}})

    customer_id: Word


class ErasedOut(BaseModel):
    """What was erased. `erasure` is the subject under which the audit tells of it; null where nothing was known."""

    erasure: str | None
    contacts: int
    rule_versions: int


@router.post("/v1/customers/erase", responses=documented(409, 422, 503))
async def erase(body: EraseIn, caller: Caller, product: ProductOf) -> ErasedOut:
    """Erase what is known of a customer: the id and the attributes of all contacts, who held them, the name in every
    version of the rules. Contacts stay, and so does why they were given to whom; open ones must be ended first."""
    number, customer_id, erasure = caller.workspace, body.customer_id, f"erasure-{new_id(now=product.clock())}"

    def contacts() -> list[str]:
        with product.database.reading() as connection:
            return contacts_of_customer(connection, number, customer_id)

    rules = await product.read_apart(reworded_rules, number, customer_id, erasure)
    asked = Erasure(id=erasure, customer_id=customer_id, rules=rules, contacts=contacts)
    erased = await product.ask(number, partial(erase_customer, actor=caller, asked=asked))
    return ErasedOut(**to_plain(erased))
