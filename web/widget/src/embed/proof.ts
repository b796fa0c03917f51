// A ticket for whom the host vouches.
import Nodechat from 'nodechat';
import type { Proof } from '../../../loader/src/messages';

/** Throws what the service says against it, with `errcode` and `errmsg`. */
export async function ticketFor(companyid: string, { token, jwt }: Proof): Promise<string> {
  if (token) return (await Nodechat.ticket({ token })).ticket;
  const headers = { 'Content-Type': 'application/json' };
  let answer: { errcode: number; ticket: string };
  try {
    answer = await (await fetch('/onlinechat/api/identify', { method: 'POST', headers, body: JSON.stringify({ companyid, jwt }) })).json();
  } catch {
    throw { errcode: Nodechat.Codes.ASYNC_CALL_FAILED, errmsg: 'the service cannot be reached' };
  }
  if (answer.errcode) throw answer;
  return answer.ticket;
}
