import packageJson from "../package.json" with { type: "json" };

/** The version of the suite. */
export const SUITE_VERSION: string = packageJson.version;

/** The version of the specification that the suite is about. It changes apart from the suite's. */
export const SPEC_VERSION: string = "1.0";
