from tests.sound import virtual_microphone

__all__ = ["virtual_microphone"]
