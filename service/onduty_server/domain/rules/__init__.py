"""The rules as tables, the effects they name, and ``decide``, which applies them."""
