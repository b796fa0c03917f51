// A ticket for whom the host vouches.
import Nodechat from 'nodechat';
import type { Proof } from '../../../loader/src/messages';
import type { Given } from '../entry';

/** Throws what the service says against it, with `errcode` and `errmsg`. */
export async function ticketFor(companyid: string, { token, jwt }: Proof): Promise<Given> {
  if (token) return Nodechat.ticket({ token });
  const headers = { 'Content-Type': 'application/json' };
  let answer: Given & { errcode: number };
  try {
    answer = await (await fetch('/onlinechat/api/identify', { method: 'POST', headers, body: JSON.stringify({ companyid, jwt }) })).json();
  } catch {
    throw { errcode: Nodechat.Codes.ASYNC_CALL_FAILED, errmsg: 'the service cannot be reached' };
  }
  if (answer.errcode) throw answer;
  return answer;
}
