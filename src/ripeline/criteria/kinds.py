"""The closed list of comparisons and combinations. A kind that is not here does not exist."""

from ripeline.criteria.at_least import AtLeast
from ripeline.criteria.at_most import AtMost
from ripeline.criteria.begins_with import BeginsWith
from ripeline.criteria.combine import All, Any, Not
from ripeline.criteria.condition import Condition, Leaf
from ripeline.criteria.contains import Contains
from ripeline.criteria.equals import Equals
from ripeline.criteria.exists import Exists
from ripeline.criteria.less_than import LessThan
from ripeline.criteria.more_than import MoreThan
from ripeline.criteria.one_of import OneOf

COMPARISONS: dict[str, type[Leaf]] = {
    kind.keyword: kind for kind in (Equals, OneOf, BeginsWith, Contains, MoreThan, AtLeast, LessThan, AtMost, Exists)
}
COMBINATIONS: dict[str, type[Condition]] = {"all": All, "any": Any, "not": Not}
