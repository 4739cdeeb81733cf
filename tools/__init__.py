"""Tools around the runtime: paint, train, convert, measure. Never imported by it."""
