// The global that /sdk/v1/nodechat.js makes, as far as the demo uses it.

type NodechatAnswer = (err: import('./wire').Refusal | null, datas: any) => void;

interface NodechatOptions {
  server: string;
  path?: string;
  atype: 'uweb' | 'uwap' | 'cweb' | 'cwap';
  ticket: string;
  connect?: NodechatAnswer;
  reconnect?: (attempt: number) => void;
  error?: (error: unknown) => void;
}

declare class Nodechat {
  constructor(options: NodechatOptions);
  on(event: string, listener: (datas: any) => void): this;
  emit(event: string, payload: object, answer?: NodechatAnswer): this;
  renew(ticket: string): void;
  close(): void;
}
