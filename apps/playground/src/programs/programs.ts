import atomicMembers from "./atomic-members.js?raw";
import crawl from "./crawl.js?raw";
import deadline from "./deadline.js?raw";
import failingSibling from "./failing-sibling.js?raw";
import nestedGroups from "./nested-groups.js?raw";
import type { Program } from "./program.ts";
import race from "./race.js?raw";
import shieldedCleanup from "./shielded-cleanup.js?raw";
import stuckMember from "./stuck-member.js?raw";
import tenThousand from "./ten-thousand.js?raw";

export type { Program } from "./program.ts";

/** In the order in which the page offers them. */
export const programs: readonly Program[] = [
  {
    id: "failing-sibling",
    title: "One fails, all stop",
    description:
      "Four requests for one page. One is answered with an error, and the other two that still run are cancelled.",
    lookFor: "The arrows from “orders” to what it cancelled, and its name in the exception tree.",
    source: failingSibling,
    needsServer: true,
  },
  {
    id: "crawl",
    title: "A crawl with a limit",
    description: "Each page links to others. Three are fetched at a time, the rest wait their turn.",
    lookFor: "Never more than three lanes run at once; pending ones start as soon as a slot is free.",
    source: crawl,
    needsServer: true,
  },
  {
    id: "deadline",
    title: "A deadline",
    description: "Four downloads have one second. What isn't finished by then is cancelled, cleans up, and is awaited.",
    lookFor: "After one second two lanes drain: the deadline waits for their cleanups before it throws.",
    source: deadline,
    needsServer: true,
  },
  {
    id: "shielded-cleanup",
    title: "A shielded cleanup",
    description:
      "The payment fails, which cancels the booking. What the booking has to undo runs to its end under a shield.",
    lookFor: "Inside the shield the lanes run on, while everything around them drains.",
    source: shieldedCleanup,
    needsServer: false,
  },
  {
    id: "nested-groups",
    title: "Groups in groups",
    description: "Three shops, a group each. One group fails and its task handles that; the neighbours notice nothing.",
    lookFor: "Arrows stay within “ask south”. The other shops run to their end.",
    source: nestedGroups,
    needsServer: false,
  },
  {
    id: "race",
    title: "A race",
    description: "Three mirrors of one page. A failure doesn't decide the race, the first success does.",
    lookFor: "The arrow from the winner to the one that is still on its way.",
    source: race,
    needsServer: true,
  },
  {
    id: "atomic-members",
    title: "Members are one unit",
    description:
      "In a group, cancel() on a single member is refused, and noted. A group can be opened so that it works.",
    lookFor: "The note on “slow”, which runs on; “slow, again” ends early and alone.",
    source: atomicMembers,
    needsServer: false,
  },
  {
    id: "stuck-member",
    title: "A stuck member",
    description:
      "Old code that doesn't listen to its cancellation. One group waits for it, another gives up after a while.",
    lookFor: "The long drain, and the note that says for whom the group waits.",
    source: stuckMember,
    needsServer: false,
  },
  {
    id: "ten-thousand",
    title: "Ten thousand tasks",
    description: "A hundred groups of a hundred tasks, twenty of each at a time.",
    lookFor: "Scrolling and zooming stay smooth: only the lanes in sight are drawn.",
    source: tenThousand,
    needsServer: false,
  },
];

export function programById(id: string): Program | undefined {
  return programs.find((program) => program.id === id);
}
