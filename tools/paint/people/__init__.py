"""The house painter of portraits: sculpted heads, lit and brushed. Nobody in them exists."""
