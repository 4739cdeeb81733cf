"""installation: a runtime for latent-space art. Importing it loads only the standard library."""

__version__ = "0.1.0"
