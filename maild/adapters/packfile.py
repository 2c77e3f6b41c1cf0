"""A policy pack from its folder: rules, routes, deadlines and telephone numbers read together and checked."""

from pathlib import Path

from maild.adapters.deadlinefile import read_deadlines
from maild.adapters.routefile import read_routes
from maild.adapters.rulebook import read_policy
from maild.adapters.shipped import shipped
from maild.adapters.yamlfile import YamlFile
from maild.domain.lookup import Index
from maild.domain.pack import Pack, Phone
from maild.domain.value import value
from maild.errors import Misconfigured

_PHONES = "phones.yaml"


@value
class _Phones:
    phones: tuple[Phone, ...] = ()


def find_pack(name: str, own: Path | None = None) -> Path:
    """The folder of a pack: the office's own where it holds a whole pack of this name, else the shipped one."""
    for folder in ((own / name,) if own else ()) + (shipped("rules") / name,):
        if (folder / "types.yaml").is_file():
            return folder
    packs = ", ".join(pack_names(own))
    raise Misconfigured(f"There is no policy pack '{name}'; choose one of: {packs}.")


def pack_names(own: Path | None = None) -> tuple[str, ...]:
    """The packs that can be chosen."""
    roots = [root for root in (own, shipped("rules")) if root is not None and root.is_dir()]
    return tuple(sorted({f.parent.name for root in roots for f in root.glob("*/types.yaml")}))


def read_pack(folder: Path, index: Index) -> Pack:
    """Read and check a pack; the first mistake is raised with file, line and mend."""
    phones = folder / _PHONES
    return Pack(
        policy=read_policy(folder),
        routes=read_routes(folder, index),
        deadlines=read_deadlines(folder),
        phones=YamlFile(phones).read(_Phones).phones if phones.is_file() else (),
    )
