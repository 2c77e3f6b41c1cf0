"""The cases of an installation, opened for one command that reads them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maild.adapters.casebook import Casebook
    from maild.adapters.store import Store
    from maild.settings import Settings


@contextmanager
def open_casebook(settings: "Settings") -> Iterator[tuple["Casebook", "Store"]]:
    """The casebook and the store it reads, closed behind the command. `MaildError` where it cannot be opened."""
    from maild.adapters.casebook import Casebook
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store
    from maild.assembly import read_house

    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        house = read_house(settings)
        yield Casebook(store, house.unit_names, house.looks), store
    finally:
        store.close()
