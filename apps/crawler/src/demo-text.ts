/** The demo's handbook: nine sections of ten chapters. With the front page that makes a hundred pages. */
export interface Section {
  title: string;
  about: readonly string[];
  chapters: readonly string[];
}

export const BOOK = "The Lighthouse Keeper's Handbook";

export const SECTIONS: readonly Section[] = [
  {
    title: "The Light",
    about: [
      "A light is kept for those who are not there to say thank you.",
      "The flame is trimmed at dusk, and looked at again whenever the wind turns.",
      "A lens gathers what a lamp throws away and sends it where ships are.",
      "Glass is cleaned with soft leather and nothing else, from the top downwards.",
    ],
    chapters: [
      "Wicks",
      "Lenses",
      "Mantles",
      "Oil",
      "Reflectors",
      "The Lantern Room",
      "Eclipses",
      "Coloured Sectors",
      "The Standby Lamp",
      "Sunrise",
    ],
  },
  {
    title: "The Tower",
    about: [
      "A tower is a staircase with a reason.",
      "It sways, and should: the ones that did not sway are no longer there.",
      "Salt finds every joint, and the mason finds it again in spring.",
      "Whoever carries oil up learns the number of steps by heart.",
    ],
    chapters: [
      "Foundations",
      "Granite",
      "The Stair",
      "Windows",
      "The Gallery",
      "Lightning",
      "Paint",
      "The Cellar",
      "Storm Doors",
      "Bells",
    ],
  },
  {
    title: "The Sea",
    about: [
      "The sea keeps its own calendar, and the keeper copies it out.",
      "Two currents meet off the point; one sees the seam on calm days.",
      "What the tide takes in the morning it shows again in the evening, somewhere else.",
      "A swell tells of weather that is still two days away.",
    ],
    chapters: ["Tides", "Currents", "Swell", "Shoals", "Soundings", "The Bar", "Ice", "Drift", "Colour", "Silence"],
  },
  {
    title: "The Weather",
    about: [
      "Read the glass at every watch, and write down what it says, not what you hoped.",
      "A falling barometer asks for a second look at the boats.",
      "Wind has a direction, a strength and a temper; the log has columns for two.",
      "After the third day of east wind nobody talks much.",
    ],
    chapters: [
      "Barometers",
      "Clouds",
      "Wind",
      "Frost",
      "Haze",
      "Thunder",
      "Rain Gauges",
      "Gales",
      "Halos",
      "Forecasts",
    ],
  },
  {
    title: "Fog",
    about: [
      "In fog the light is of no use and the horn begins.",
      "A horn has a rhythm of its own, so that a captain knows which rock is speaking.",
      "Sound bends in fog; bearings taken by ear are written in pencil.",
      "It lifts all at once, and then everybody pretends to have known.",
    ],
    chapters: [
      "Horns",
      "Explosive Signals",
      "Air Tanks",
      "Echoes",
      "Bearings by Ear",
      "Fog Banks",
      "The Night Watch",
      "False Calm",
      "Whistle Buoys",
      "Clearing",
    ],
  },
  {
    title: "Ships",
    about: [
      "A ship is entered in the log with her rig, her course and the time.",
      "Whoever passes too close is shown the flag, and then the other flag.",
      "Small boats are greeted; it costs nothing and they bring the mail.",
      "The list of names grew longer every year and the sails fewer.",
    ],
    chapters: [
      "Rigs",
      "Flags",
      "Pilots",
      "Fishing Boats",
      "Steamers",
      "The Mail Boat",
      "Ensigns",
      "Lights at Night",
      "Anchorages",
      "Farewells",
    ],
  },
  {
    title: "The Log",
    about: [
      "What isn't in the log didn't happen, and will be asked about.",
      "Ink before midnight, pencil after, a ruler at all times.",
      "Corrections are struck through once, so that the error can still be read.",
      "The best pages are the dull ones.",
    ],
    chapters: [
      "Columns",
      "Watches",
      "Ink",
      "Corrections",
      "Abbreviations",
      "The Visitors' Page",
      "Inventories",
      "Inspections",
      "Signatures",
      "Closing the Year",
    ],
  },
  {
    title: "The House",
    about: [
      "Bread is baked on the day the boat can't come.",
      "The garden is behind the wall, and the wall is behind another wall.",
      "A clock that strikes is a fourth member of the crew.",
      "Everything has a hook, and hangs on it.",
    ],
    chapters: [
      "Bread",
      "The Garden",
      "Hens",
      "Coal",
      "The Clock",
      "Books",
      "Letters",
      "The Harmonium",
      "Winter Stores",
      "Guests",
    ],
  },
  {
    title: "The Keepers",
    about: [
      "Three keepers make a crew: one awake, one asleep, one mending something.",
      "They enter together and they leave together; a relief is of the whole crew or not at all.",
      "When one calls for help the others drop what they hold.",
      "Nobody goes down before everybody is down.",
    ],
    chapters: [
      "The Watch",
      "The Relief",
      "Signals for Help",
      "Pay",
      "Uniforms",
      "Pastimes",
      "Quarrels",
      "Apprentices",
      "Retirement",
      "The Last Keeper",
    ],
  },
];
