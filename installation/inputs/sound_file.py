"""A WAV or FLAC in place of a microphone, for rehearsal: heard over and over, at its own pace."""

from collections.abc import Iterator
from pathlib import Path

from installation.errors import DeviceError
from installation.inputs.audio_features import UPDATES, Samples


class SoundFile:
    """The file at `path`. Raises DeviceError if it cannot be read, or holds no sound."""

    def __init__(self, path: Path) -> None:
        import soundfile  # with the library it brings along, which only this process needs

        self.name = path.name
        self._path, self._soundfile = path, soundfile
        try:
            with soundfile.SoundFile(path) as file:
                self.rate, frames = file.samplerate, file.frames
        except (soundfile.LibsndfileError, OSError) as error:
            raise self._unread(error) from error
        if frames < self.rate / UPDATES:
            raise DeviceError(f"the sound file {path} is empty; set inputs.audio.file to another")

    def blocks(self, hop: int) -> Iterator[Samples]:
        """Blocks of `hop` samples, all channels mixed, float32, without end."""
        while True:
            try:
                for block in self._soundfile.blocks(
                    self._path, hop, dtype="float32", always_2d=True, fill_value=0.0
                ):
                    yield block.mean(axis=1)
            except (self._soundfile.LibsndfileError, OSError) as error:
                raise self._unread(error) from error

    def _unread(self, error: Exception) -> DeviceError:
        said = " ".join(str(error).split())
        return DeviceError(f"the sound file cannot be read: {said}; it must be a WAV or FLAC")
