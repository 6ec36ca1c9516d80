"""The layers of the SDK import strictly downwards, and only some know the big libraries."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "xcap_sdk"

# A layer may import itself and the layers before it.
LAYERS = [
    "lazy",
    "problems",
    "errors",
    "protocol",
    "documents",
    "usages",
    "editing",
    "flows",
    "shells",
    "server",
    "cli",
]
SHELLS = {
    "transport",
    "auth",
    "client",
    "repository",
    "document",
    "settings",
    "probe",
    "profiles",
    "json_form",
    "json_schemas",
    "__init__",
}
LIBRARIES = {
    "httpx": {"shells", "server", "cli"},
    "httpcore": {"shells"},
    "opentelemetry": {"shells"},
    "lxml": {"documents"},
    "xsdata": {"documents"},
    "pydantic": {"shells"},
    "pydantic_core": {"shells"},
    "pydantic_settings": {"shells"},
    "starlette": {"server"},
    "uvicorn": {"server"},
    "typer": {"cli"},
    "rich": {"cli"},
    "pytest": {"server"},
}


def layer_of(module: str) -> str:
    """The layer of a dotted module name below xcap_sdk."""
    part = (module.removeprefix("xcap_sdk").strip(".") or "__init__").split(".")[0]
    is_module = (PACKAGE / part).is_dir() or (PACKAGE / f"{part}.py").is_file()
    return part if is_module and part not in SHELLS else "shells"  # what is no module is a name of __init__


def runtime_imports(source: str) -> list[str]:
    """The modules that a file imports at run time, lazily or not."""

    class Collector(ast.NodeVisitor):
        def __init__(self) -> None:
            self.found: list[str] = []

        def visit_If(self, node: ast.If) -> None:
            if "TYPE_CHECKING" not in ast.unparse(node.test):
                self.generic_visit(node)

        def visit_Import(self, node: ast.Import) -> None:
            self.found += [alias.name for alias in node.names]

        def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            self.found += (
                [f"{module}.{alias.name}" for alias in node.names] if module == "xcap_sdk" else [module]
            )

    collector = Collector()
    collector.visit(ast.parse(source))
    return collector.found


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(PACKAGE)) for path in FILES])
def test_imports_go_downwards(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    layer = layer_of(module)
    for imported in runtime_imports(path.read_text(encoding="utf-8")):
        library = imported.split(".")[0]
        if library == "xcap_sdk":
            assert LAYERS.index(layer_of(imported)) <= LAYERS.index(layer), f"{module} imports {imported}"
        elif library in LIBRARIES:
            assert layer in LIBRARIES[library], f"{module} imports {imported}"


@pytest.mark.parametrize("path", sorted((ROOT / "generated").rglob("*.py")), ids=lambda path: path.name)
def test_documents_know_nothing_of_the_sdk(path: Path) -> None:
    assert not [name for name in runtime_imports_of_generated(path) if name.startswith("xcap_sdk")]


def runtime_imports_of_generated(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return names + [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_every_layer_has_files() -> None:
    assert {layer_of(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in FILES} == set(LAYERS)
