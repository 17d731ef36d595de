"""The world outside: payment providers. The only network code of this room."""
