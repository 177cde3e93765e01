"""Run by the interpreter that has pabutools, on one election in JSON: prints the winners and the CPU seconds of the rule as JSON.

Nothing of ours is imported here: pabutools is under the GPL and brings a proprietary solver, so it lives in an environment of its own.
"""

import json
import sys
import time

from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
from pabutools.rules import method_of_equal_shares


def main(path: str) -> None:
    """Count the election in this file, in each of the profile modes that it names."""
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    projects = [Project(name, cost) for name, cost in given["projects"]]
    instance = Instance(projects, budget_limit=given["budget"])
    plain = ApprovalProfile([ApprovalBallot([projects[index] for index in ballot]) for ballot in given["ballots"]], instance=instance)
    found = []
    for mode in given["modes"]:
        profile = plain if mode == "plain" else plain.as_multiprofile()
        before = time.process_time()
        winners = method_of_equal_shares(instance, profile, sat_class=Cost_Sat, voter_budget_increment=given["step"])
        found.append({"mode": mode, "cpu": time.process_time() - before, "winners": [one.name for one in winners]})
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
