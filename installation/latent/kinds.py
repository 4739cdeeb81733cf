"""Which class walks which kind of walk."""

from installation.latent.journeys import Styles
from installation.latent.lineage import Lineage
from installation.latent.people_walks import Faces, Families
from installation.latent.space import Space
from installation.latent.walks import Closed, Drift, Ground, Plan, Walk, Waves


def make(plan: Plan, space: Space, styles: Styles | None = None) -> Walk:
    """The walk of a plan through a space; without `styles`, the network's way from z to w, there is
    no lineage. Raises KeyError for a lean along an unknown axis."""
    ground = Ground(plan, space)
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
