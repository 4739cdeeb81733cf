"""The house painter of families: four sitters behind a laid table, in any order."""
