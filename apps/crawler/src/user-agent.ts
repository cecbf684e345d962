/** As sites know us: in the requests' header and in robots.txt. */
export const USER_AGENT = "cohort-crawl";
