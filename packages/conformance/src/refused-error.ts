/** What was handed in can't be used: an implementation, a list, a name. The message says in one line what is wrong with it. */
export class RefusedError extends TypeError {
  override readonly name = "RefusedError";
}
