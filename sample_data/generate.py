"""Regenerate the shipped sample studies, byte for byte.

    python sample_data/generate.py [NAME ...] [--out FOLDER]

Without a name every sample is written; without ``--out`` it replaces the folder beside this file.
The output depends on nothing but the code: every draw is a hash of a fixed seed and a name, no
clock is read, and the compressed containers carry fixed times. Needs pyarrow and openpyxl.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from generator.quillfern import sample as quillfern

SAMPLES = {"quillfern-2025": quillfern.build}
"""Each sample's folder name, and the function that returns its files as path -> bytes."""

KEPT = ("review", "build", "out", "rdcredit.lock")
"""What a run of the program leaves in a study; regenerating does not touch it."""


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Replace what ``folder`` holds, but for the results of a run, by ``files``."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.name in KEPT:
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def main() -> None:
    parser = argparse.ArgumentParser(description="Regenerate the sample studies.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(SAMPLES)} (default: all)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder that holds the samples")
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.names) - set(SAMPLES))
    if unknown:
        parser.error(f"no sample named {', '.join(unknown)}; there is: {', '.join(SAMPLES)}")
    for name in chosen.names or SAMPLES:
        files = SAMPLES[name]()
        write(chosen.out / name, files)
        print(f"{name}: {len(files)} files, {sum(map(len, files.values())):,} bytes")


if __name__ == "__main__":
    main()
