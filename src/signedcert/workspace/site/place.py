"""Where a site may lie: never where private keys are, because all of it is published."""

from pathlib import Path

from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.site.private_files import private_files

_SHOWN = 3


def check_place(out: Path, workspace_folder: Path) -> None:
    """Sees that publishing into a folder publishes no private key.

    :param out: where the site is to be; it need not exist.
    :param workspace_folder: the workspace whose site it is.
    :raises WorkspaceError: when it is the workspace, contains it or lies inside it, or has files in
        it that look like private keys or parts of a workspace.
    """
    if is_within(out, workspace_folder):
        raise WorkspaceError(
            f"{out} is in the workspace {workspace_folder}, where the private keys are; publish "
            "into a folder outside it. Nothing was published"
        )
    if is_within(workspace_folder, out):
        raise WorkspaceError(
            f"{out} contains the workspace {workspace_folder}, and its private keys would be "
            "published with it; publish into a folder of the site's own. Nothing was published"
        )
    if found := private_files(out):
        named = ", ".join(str(out / each) for each in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise WorkspaceError(
            f"{out} has files in it that must not be published, because they look like private "
            f"keys or parts of a workspace: {named}{more}; move them away. If the folder was on "
            "the web already, somebody may have the keys: signedcert compromise. Nothing was "
            "published"
        )


def is_within(path: Path, folder: Path) -> bool:
    """Whether a path is a folder, or in it at any depth: where links lead, under whatever names.

    :raises OSError: when a folder above it may not be looked at.
    """
    place, top = path.resolve(), folder.resolve()
    above = (place, *place.parents)
    # Names alone do not tell: some file systems take upper and lower case for one.
    return top in above or (top.exists() and any(p.exists() and p.samefile(top) for p in above))
