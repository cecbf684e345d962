/** What the client got wrong; the message is for it. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code = "EDGE_REQUEST";
  readonly status: 400 | 404 | 405;

  constructor(status: 400 | 404 | 405, message: string) {
    super(message);
    this.status = status;
  }
}
