"""A policy pack from its folder: rules, routes, deadlines and telephone numbers read together and checked."""

import logging
from pathlib import Path

from maild.adapters.channelfile import read_channels
from maild.adapters.deadlinefile import read_deadlines
from maild.adapters.formfile import read_rounds
from maild.adapters.maskfile import read_masks
from maild.adapters.overlay import EXTENDS, PACK, Overlay, extends
from maild.adapters.reportfile import read_reports
from maild.adapters.retentionfile import read_retention
from maild.adapters.roundfile import read_circulating, read_ledger, read_publishing
from maild.adapters.routefile import read_routes
from maild.adapters.rulebook import read_laid
from maild.adapters.shipped import shipped
from maild.adapters.yamlfile import YamlFile
from maild.domain.channels import Channels
from maild.domain.circulation import Circulating
from maild.domain.ledger import LedgerRules
from maild.domain.lookup import Index
from maild.domain.maskrules import Masks
from maild.domain.pack import Pack, Phone
from maild.domain.publication import Publishing
from maild.domain.retention import Retention
from maild.domain.value import value
from maild.errors import Misconfigured

_PHONES = "phones.yaml"
log = logging.getLogger("maild.rules")


@value
class _Phones:
    phones: tuple[Phone, ...] = ()


def find_pack(name: str, own: Path | None = None) -> Path:
    """The folder of a pack: the office's own where it holds a whole pack of this name, else the shipped one.

    An office's folder that `extends` a pack under a name of its own leads to the pack that it extends.
    """
    laid = office_folder(name, own)
    base = extends(YamlFile(laid / PACK))[0] if laid else name
    for folder in ((own / name,) if own and not laid else ()) + (shipped("rules") / base,):
        if (folder / "types.yaml").is_file():
            return folder
    packs = ", ".join(pack_names(own))
    if laid:
        raise YamlFile(laid / PACK).mistake(f"there is no policy pack '{base}'; write one of: {packs}.", (EXTENDS,))
    raise Misconfigured(f"There is no policy pack '{name}'; choose one of: {packs}.")


def office_folder(name: str, own: Path | None) -> Path | None:
    """The office's folder that is laid over this pack: `own` itself, or a folder of the pack's name in it."""
    if own is None:
        return None
    named = own / name / PACK
    if named.is_file() and _is_overlay(YamlFile(named)):
        return named.parent
    root = own / PACK
    if root.is_file() and _is_overlay(file := YamlFile(root)) and extends(file)[0] == name:
        return own
    return None


def _is_overlay(file: YamlFile) -> bool:
    data = file.data()
    return isinstance(data, dict) and EXTENDS in data


def pack_names(own: Path | None = None) -> tuple[str, ...]:
    """The packs that can be chosen."""
    roots = [root for root in (own, shipped("rules")) if root is not None and root.is_dir()]
    whole = {file.parent.name for root in roots for file in root.glob("*/types.yaml")}
    named = {file.parent.name for file in own.glob(f"*/{PACK}") if _is_overlay(YamlFile(file))} if own else set()
    return tuple(sorted(whole | named))


def read_pack(folder: Path, index: Index, office: Path | None = None) -> Pack:
    """Read and check a pack with the office's own entries over it; the first mistake is raised with file and mend.

    What no longer fits of the office's entries is logged and left out.
    """
    overlay = Overlay(office)
    policy = read_laid(folder, overlay)
    types = policy.types_by_id
    pack = Pack(
        policy=policy,
        routes=read_routes(folder, index, office=office),
        deadlines=read_deadlines(folder, *((office,) if office else ())),
        phones=_phones(office) or _phones(folder),
        ledger=read_ledger(office, types) or read_ledger(folder, types) or LedgerRules(),
        channels=read_channels(office, index) or read_channels(folder, index) or Channels(),
        rounds=read_rounds(folder, office, types),
        retention=read_retention(office, types) or read_retention(folder, types) or Retention(),
        publishing=read_publishing(office, types) or read_publishing(folder, types) or Publishing(),
        reports=read_reports(folder, overlay, index),
        masks=read_masks(office, index) or read_masks(folder, index) or Masks(),
        circulating=read_circulating(office, types) or read_circulating(folder, types) or Circulating(),
    )
    for warning in overlay.warnings:
        log.warning("%s", warning.sentence)
    return pack


def _phones(folder: Path | None) -> tuple[Phone, ...]:
    path = folder / _PHONES if folder else None
    return YamlFile(path).read(_Phones).phones if path is not None and path.is_file() else ()
