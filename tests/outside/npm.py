"""Packages from npm that read what Gordian writes. They are fetched once in a
build."""
import os
import shutil
import subprocess

from common import GORDIAN, Skip

PLACE = os.path.join(os.path.dirname(GORDIAN), "tests", "npm")


def package(name, version):
    """The folder of the package, of exactly that version."""
    place = os.path.join(PLACE, f"{name}-{version}".replace("/", "-"))
    if not os.path.isdir(place):
        if not shutil.which("npm"):
            raise Skip("npm is not installed")
        fresh = f"{place}.{os.getpid()}"
        os.makedirs(fresh)
        try:
            subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"],
                           cwd=fresh, check=True, timeout=200,
                           stdin=subprocess.DEVNULL, capture_output=True)
            archive, = os.listdir(fresh)
            subprocess.run(["tar", "xzf", archive], cwd=fresh, check=True)
            os.rename(fresh, place)
        except (subprocess.SubprocessError, OSError, ValueError) as error:
            shutil.rmtree(fresh)
            if not os.path.isdir(place):  # another test has it now
                raise Skip(f"npm does not give {name}") from error
    return os.path.join(place, "package")
