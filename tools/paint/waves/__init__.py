"""The house painter of seas: 28 numbers in, one picture out."""
