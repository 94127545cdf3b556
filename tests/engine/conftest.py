"""One engine for all tests of this room: starting one costs more than most questions to it."""

import pytest

from rdcredit.engine import duck


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    return duck.session(tmp_path_factory.mktemp("scratch"), "500MiB", threads=2)
