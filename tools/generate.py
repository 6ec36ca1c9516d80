"""Generates generated/xcap_documents from schemas/: run it with ``make generate``.

The same schemas always give the same bytes. What is written by hand, ``_behaviour/``, is left alone.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "schemas"
CONFIG = Path(__file__).with_name("xsdata.xml")
PACKAGE = "xcap_documents"
BEHAVIOUR = "_behaviour"
WIDTH = 110
XS = "{http://www.w3.org/2001/XMLSchema}"

# Fields whose names xsdata cannot be told for one class alone; * is every class. The XcapCaps has an element
# of the name that a wildcard has elsewhere.
FIELDS = {
    ("*", "from_value"): ["from_"],
    ("Activities", "note"): ["notes"],
    ("AgeRestrictions", "age"): ["ages"],
    ("AppUsages", "nodeuri"): ["items"],
    ("Auids", "auid"): ["items"],
    ("CapsLanguageList", "l"): ["items"],
    ("CapsSchemeList", "s"): ["items"],
    ("Devcaps", "description"): ["descriptions"],
    ("Device", "note"): ["notes"],
    ("DirectoryFolder", "more_entry_elements"): ["unlisted"],
    ("Exists", "alt_value"): ["alt_values"],
    ("Exists", "field_value"): ["field_name"],
    ("Extensions", "extension"): ["items"],
    ("ExternalList", "entry"): ["items"],
    ("Group", "list_service"): ["items"],
    ("ListService", "list_value"): ["member_list"],
    ("MemberList", "entry"): ["items"],
    ("MemberList", "external"): ["references"],
    ("Mood", "note"): ["notes"],
    ("Namespaces", "namespace"): ["items"],
    ("One", "extensions"): ["extension"],
    ("Packages", "package"): ["items"],
    ("PatchAdd", "type_value"): ["type"],
    ("PatchFailure", "extensions"): ["operation"],
    ("PatchOpsError", "extensions"): ["conditions"],
    ("Person", "note"): ["notes"],
    ("PlaceIs", "note"): ["notes"],
    ("PlaceIsAudio", "items"): ["value"],
    ("PlaceIsText", "items"): ["value"],
    ("PlaceIsVideo", "items"): ["value"],
    ("PlaceType", "note"): ["notes"],
    ("Presence", "note"): ["notes"],
    ("Presence", "tuple"): ["items"],
    ("Privacy", "note"): ["notes"],
    ("ProfileChannels", "comm_type"): ["items"],
    ("ProfileContacts", "comm_addr"): ["items"],
    ("ProfileHobbies", "hobby"): ["items"],
    ("ProfileLinks", "link"): ["items"],
    ("ProvisionedTarget", "items"): ["kind"],
    ("Relationship", "note"): ["notes"],
    ("RequiredParticipants", "entry"): ["items"],
    ("RequiredParticipants", "external"): ["references"],
    ("ResourceLists", "list_value"): ["items"],
    ("RlsServices", "service"): ["items"],
    ("Ruleset", "rule"): ["items"],
    ("Schedule", "time_range"): ["time_ranges"],
    ("Servcaps", "class_value"): ["class_"],
    ("Servcaps", "description"): ["descriptions"],
    ("Servcaps", "extensions"): ["extensions", "foreign"],
    ("Servcaps", "type_value"): ["types"],
    ("Service", "items"): ["members"],
    ("Service", "packages"): ["event_packages"],
    ("ServiceClass", "note"): ["notes"],
    ("StatusIcon", "description"): ["descriptions"],
    ("Tuple", "note"): ["notes"],
    ("TwoWayMedium", "items"): ["direction"],
    ("UserProfile", "birth_date"): ["born"],
    ("UserProfile", "communication_addresses"): ["communication_address_list"],
    ("UserProfile", "communication_types"): ["communication_type_list"],
    ("UserProfile", "favourite_links"): ["favourite_link_list"],
    ("UserProfile", "hobbies"): ["hobby_list"],
    ("UserProfiles", "user_profile"): ["profile"],
    ("XcapCaps", "extensions"): ["extensions", "foreign"],
    ("XcapDirectory", "folder"): ["folders"],
    ("XcapError", "items"): ["condition"],
}

# What the schemas have no place to say, or what is the same everywhere.
MEANINGS = {
    "items": "The content, in document order.",
    "attributes": "Attributes of other namespaces, under their names as ``{namespace}name``.",
    "direction": "Which ways it goes; None if it does not say.",
    "value": "The text.",
    "extensions": "Elements of other namespaces.",
    "members": "Where the list is, or the list itself; see `resource_list` and `list`.",
    "lang": "The language of the text, as a tag like ``en`` or ``pt-BR``; None if the document does not say.",
    "condition": "The one condition that it reports.",
    "kind": "The one thing that it says.",
    "content": "The texts and elements in it, in document order.",
}

INIT = '''"""The classes of XCAP documents, one module per XML namespace.

    from xcap_documents.resource_lists import Entry, ResourceLists

They are generated from the project's schemas. For views like theirs on classes of one's own, see `keyed`.
"""

from ._behaviour import DuplicateKey, Keyed, KeyedItems, MissingKey, keyed

__all__ = ["DuplicateKey", "Keyed", "KeyedItems", "MissingKey", "keyed"]
'''

MODULES = '''"""The modules with document classes, by the namespaces of their elements.

Elements come back typed only if the module of their namespace was imported before.
"""

MODULES: dict[str, str] = {{
{names}}}
'''

DRIVER = """<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
{imports}</xs:schema>
"""


def main() -> None:
    """Generate, or with ``--check`` say whether what is there is what would be generated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything differs")
    parser.add_argument(
        "--target", type=Path, default=ROOT / "generated" / PACKAGE, help="the package's folder"
    )
    options = parser.parse_args()
    target: Path = options.target
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder), target / BEHAVIOUR)
        differing = differences(built, target)
        if options.check:
            print("\n".join(differing) or "Everything is as generated.")
            sys.exit(1 if differing else 0)
        for name in differing:
            place = target / name
            if name in built:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(built[name])
            else:
                place.unlink()
        print(f"{len(built)} files, {len(differing)} of them changed.")


def build(folder: Path, behaviour: Path) -> dict[str, bytes]:
    """Generate the package inside an empty folder.

    Args:
        folder: Where to work.
        behaviour: The hand-written part, which xsdata imports to check its own work.

    Returns:
        The generated files by their paths in the package.
    """
    package = folder / PACKAGE
    schemas = package / "_schemas"
    shutil.copytree(behaviour, package / BEHAVIOUR, ignore=shutil.ignore_patterns("__pycache__"))
    titles = copy_schemas(schemas)
    environment = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    (package / "__init__.py").write_text("", encoding="utf-8")
    command = [sys.executable, "-m", "xsdata", "generate", str(schemas), "--config", str(CONFIG)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"xsdata failed:\n{done.stdout}\n{done.stderr}")
    write_driver(schemas, titles)
    names = sorted(path.stem for path in package.glob("*.py") if path.stem != "__init__")
    for name in names:
        path = package / f"{name}.py"
        path.write_text(finish(path.read_text(encoding="utf-8"), titles[name][1]), encoding="utf-8")
    (package / "__init__.py").write_text(INIT, encoding="utf-8")
    listed = "".join(f'    "{titles[name][0]}": "{PACKAGE}.{name}",\n' for name in names)
    (package / "_modules.py").write_text(MODULES.format(names=listed), encoding="utf-8")
    (package / "py.typed").write_bytes(b"")
    ruff = [
        "ruff",
        "format",
        "--quiet",
        "--isolated",
        "--line-length",
        str(WIDTH),
        "--target-version",
        "py311",
    ]
    subprocess.run([*ruff, *map(str, sorted(package.glob("*.py")))], env=environment, check=True)
    return {name: (package / name).read_bytes() for name in files(package)}


def copy_schemas(target: Path) -> dict[str, tuple[str, str]]:
    """Copy the schemas into one folder, so that they find each other there.

    Returns:
        For each module its namespace and what its schema says of itself.
    """
    target.mkdir(parents=True)
    titles: dict[str, tuple[str, str]] = {}
    for path in sorted(SCHEMAS.glob("*/*.xsd")):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r'schemaLocation="\.\./\w+/', 'schemaLocation="', text)
        (target / path.name).write_text(text, encoding="utf-8")
        root = ElementTree.fromstring(text)
        title = root.findtext(f"{XS}annotation/{XS}documentation", "")
        titles[path.stem.replace("-", "_")] = (root.get("targetNamespace", ""), " ".join(title.split()))
    return titles


def write_driver(schemas: Path, titles: dict[str, tuple[str, str]]) -> None:
    """Write ``all.xsd``, which imports every schema: what stands behind a wildcard is then checked too."""
    imports = "".join(
        f'  <xs:import namespace="{namespace}" schemaLocation="{module.replace("_", "-")}.xsd"/>\n'
        for module, (namespace, _) in sorted(titles.items())
    )
    (schemas / "all.xsd").write_text(DRIVER.format(imports=imports), encoding="utf-8")


def files(package: Path) -> list[str]:
    """The generated files of a package, by their paths in it."""
    found = (path.relative_to(package) for path in package.rglob("*") if path.is_file())
    return sorted(
        path.as_posix() for path in found if path.parts[0] != BEHAVIOUR and "__pycache__" not in path.parts
    )


def differences(built: dict[str, bytes], target: Path) -> list[str]:
    """The paths whose contents differ between what was built and what is there."""
    there = {name: (target / name).read_bytes() for name in files(target)}
    return sorted(name for name in built.keys() | there.keys() if built.get(name) != there.get(name))


def finish(source: str, title: str) -> str:
    """Give the classes of a generated module their names and docstrings, and the module its own."""
    lines = source.splitlines()
    for owner in reversed([node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]):
        first, last = owner.lineno - 1, owner.end_lineno
        lines[first:last] = finish_class(lines[first:last])
    head = [
        f'"""{title}"""',
        "",
        "# Generated by tools/generate.py from the schema of this namespace: edit that, not this.",
        "# pyright: reportIncompatibleVariableOverride=false",
        "",
    ]
    return "\n".join([*head, *lines]) + "\n"


def finish_class(lines: list[str]) -> list[str]:
    """Rename the fields of one class as `FIELDS` says, and write its docstring in Google style."""
    lines = list(lines)
    owner = ast.parse("\n".join(lines)).body[0]
    assert isinstance(owner, ast.ClassDef)
    found = fields(owner)
    names = new_names(owner.name, [name for name, _ in found])
    for (old, node), new in reversed(list(zip(found, names, strict=True))):
        if new != old:
            rename(lines, node, old, new)
    summary, _, listed = (ast.get_docstring(owner) or "").partition("Attributes:\n")
    text = owner.body[0]
    lines[text.lineno - 1 : text.end_lineno] = docstring(summary, listed, names)
    return lines


def fields(owner: ast.ClassDef) -> list[tuple[str, ast.stmt]]:
    """The fields of a class, or the values of an enum, with their places in the source."""
    found: list[tuple[str, ast.stmt]] = []
    for node in owner.body:
        target = node.target if isinstance(node, ast.AnnAssign) else None
        target = node.targets[0] if isinstance(node, ast.Assign) else target
        if isinstance(target, ast.Name):
            found.append((target.id, node))
    return found


def new_names(owner: str, names: list[str]) -> list[str]:
    """What the fields are to be called; the table lists a name's successors in the order of its fields."""
    left = {name: list(FIELDS.get((owner, name)) or FIELDS.get(("*", name), ())) for name in names}
    return [left[name].pop(0) if left[name] else name for name in names]


def rename(lines: list[str], node: ast.stmt, old: str, new: str) -> None:
    """Rename one field, and keep the XML name that it stood for."""
    start = node.lineno - 1
    lines[start] = lines[start].replace(f"    {old}:", f"    {new}:", 1)
    body = lines[start : node.end_lineno]
    if any('"type": "Element",' in line for line in body) and not any('"name": ' in line for line in body):
        opening = next(i for i, line in enumerate(body, start) if line.endswith("metadata={"))
        lines.insert(opening + 1, f'            "name": "{old}",')


def docstring(summary: str, listed: str, names: list[str]) -> list[str]:
    """Write a docstring in Google style, with a meaning for every field.

    Args:
        summary: What xsdata says of the class.
        listed: What xsdata says of its fields: all of them in their order, or nothing.
        names: The names of the fields.
    """
    texts = [" ".join(text.split()) for text in re.split(r"^    \w+:", listed, flags=re.MULTILINE)[1:]]
    first, _, rest = " ".join(summary.split()).partition("; ")
    if len(first) + len(rest) + 12 <= WIDTH:
        first, rest = "; ".join(filter(None, [first, rest])), ""
    lines = [f'    """{first.rstrip(".")}.']
    if rest:
        lines += ["", *textwrap.wrap(rest[0].upper() + rest[1:], WIDTH - 4)]
    if names:
        lines += ["", "Attributes:"]
    for name, text in zip(names, texts or [""] * len(names), strict=True):
        meaning = text or MEANINGS.get(name) or sys.exit(f"no meaning for {name} in: {summary}")
        lines += textwrap.wrap(
            f"{name}: {meaning}",
            WIDTH - 4,
            initial_indent="    ",
            subsequent_indent="        ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    closing = ['    """'] if len(lines) > 1 else []
    lines = [lines[0], *(textwrap.indent(line, "    ") for line in lines[1:])]
    if not closing:
        lines[-1] += '"""'
    return lines + closing


if __name__ == "__main__":
    main()
