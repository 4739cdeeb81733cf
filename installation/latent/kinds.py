"""Which class walks which kind of walk."""

from dataclasses import replace

from installation.latent.journeys import Styles
from installation.latent.lineage import Lineage
from installation.latent.people_walks import Faces, Families
from installation.latent.place_walks import Grid, Orbit
from installation.latent.space import Space
from installation.latent.walks import Closed, Drift, Ground, Plan, Walk, Waves


def make(plan: Plan, space: Space, styles: Styles | None = None) -> Walk:
    """The walk of a plan through a space; without `styles`, the network's way from z to w, there is
    no lineage. Raises KeyError for a lean along an unknown axis."""
    if plan.kind == "grid":  # x and y move through it, and push nothing
        pushes = tuple(-1 if place < 2 else axis for place, axis in enumerate(plan.axes))
        return Grid(Ground(replace(plan, axes=pushes), space), plan.period, plan.grid, plan.seed)
    ground = Ground(plan, space)
    if plan.around is not None:
        return Orbit(ground, plan.period, plan.around, plan.radius)
    if plan.kind == "drift":
        return Drift(ground, plan.period)
    if plan.kind == "faces":
        return Faces(ground, plan.hold)
    if plan.kind == "families" and plan.lineage and styles:
        return Lineage(ground, plan.period, plan.lineage, styles)
    if plan.kind == "families":
        return Families(ground, plan.period)
    if plan.kind == "loop" or not space.tide:
        return Closed(ground, plan.period)
    return Waves(ground, plan.period)
