"""Which class walks which kind of walk."""

from installation.latent.people_walks import Faces, Families
from installation.latent.space import Space
from installation.latent.walks import Closed, Drift, Ground, Plan, Walk, Waves


def make(plan: Plan, space: Space) -> Walk:
    """The walk of a plan through a space. Raises KeyError for a lean along an unknown axis."""
    ground = Ground(plan, space)
    if plan.kind == "drift":
        return Drift(ground, plan.period)
    if plan.kind == "faces":
        return Faces(ground, plan.hold)
    if plan.kind == "families":
        return Families(ground, plan.period)
    if plan.kind == "loop" or not space.tide:
        return Closed(ground, plan.period)
    return Waves(ground, plan.period)
