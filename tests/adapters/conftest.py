"""Makes asserts in the shared suite tell what they compared."""

import pytest

pytest.register_assert_rewrite(
    "adapters.contract_appending",
    "adapters.contract_forgetting",
    "adapters.contract_history",
    "adapters.contract_model",
    "adapters.contract_reading",
)
