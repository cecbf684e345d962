import { streamedResponse, takeResponse } from "@cohort/universal/streamed-response";
import { peek } from "@cohort/universal/whole-response";

/**
 * Writes the type of a response's content down. Bun finds it out when it sends a body that is there as a whole, and knows
 * it no more once somebody has looked at the body: a page would go out as "application/octet-stream". So a copy is looked
 * at; of a stream that says no type, the copy is what is sent.
 */
export async function withContentType(response: Response): Promise<Response> {
  if (response.headers.has("content-type")) return response;
  const copy = takeResponse(response.clone() as Response);
  if (copy.reader === undefined) return response;
  const peeked = await peek(copy.reader);
  if ("chunk" in peeked) {
    const { type } = await response.clone().blob();
    if (type !== "") response.headers.set("content-type", type);
    return response;
  }
  // Nobody reads it: kept, it would hold all that the copy has given.
  response.body?.cancel().catch(() => {});
  return streamedResponse(response, () => {}, { head: copy.head, reader: peeked.reader }).response;
}
