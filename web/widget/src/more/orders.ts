// The calls about work orders, over the public interface.
import type { Chat } from '../chat';
import type { Refusal } from '../reason';

export interface Order {
  faultId: string;
  title: string;
  describe: string;
  feedbackConten: string;
  state: 'new' | 'accepted' | 'in_progress' | 'solved' | 'closed';
  submitTime: string;
}

export interface OrderKind {
  key: string;
  text: string;
}

export const kindsOf = (companyid: string): Promise<OrderKind[]> => call('pubType/getBusinessType', { companyid });

export const ordersOf = (chat: Chat): Promise<Order[]> => call('fault/list', who(chat));

export const addOrder = (chat: Chat, order: Record<string, string>): Promise<unknown> => call('fault/add', { ...who(chat), ...order });

function who({ company, ticket, nodechat }: Chat): Record<string, string> {
  return { companyid: company, ticket, submitter: nodechat.session!.aid };
}

/** The `data` of an answer; a refusal, or nothing that can be read, is thrown as one. */
async function call(path: string, body: object): Promise<any> {
  let answer: Refusal & { data?: unknown };
  try {
    const headers = { 'Content-Type': 'application/json' };
    answer = await (await fetch(`/onlinechat/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  } catch {
    throw { errcode: 3101 } satisfies Refusal;
  }
  if (answer.errcode) throw answer;
  return answer.data;
}
