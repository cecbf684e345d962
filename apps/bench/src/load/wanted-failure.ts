/** What a member throws because the load asks for it. */
export class WantedFailure extends Error {
  override readonly name = "WantedFailure";
}
