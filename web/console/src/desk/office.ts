// Where somebody administers a company: its calls, who there is in it, and what is said at the bottom of the page.
import { inWords } from '../refusal';
import { Rest } from '../rest';
import { mayAs, type Session } from '../session/session';
import { Directory } from './directory';
import { Toasts } from './toasts';

export class Office {
  readonly rest: Rest;
  readonly toasts = new Toasts();
  readonly directory: Directory;
  /** Whoever was signed in here is not any more. */
  closed = false;

  /** `ended`: told when the ticket is not good any more; `companyid`: which company is meant, where the ticket does not say. */
  constructor(
    readonly session: Session,
    protected ended: () => void,
    companyid?: string,
  ) {
    this.rest = new Rest(session.ticket, ended, companyid);
    this.directory = new Directory(this.rest);
  }

  close(): void {
    this.closed = true;
  }

  may(least: Session['role']): boolean {
    return mayAs(this.session.role, least);
  }

  /** Does it, and says in words when it was refused. */
  async doing(deed: () => Promise<unknown>, undo?: () => void): Promise<boolean> {
    try {
      await deed();
      return true;
    } catch (thrown) {
      undo?.();
      this.toasts.say(inWords(thrown));
      return false;
    }
  }
}
