// A story with a hostile guest: whatever it does, the others keep talking, memory stays bounded, and nothing is stored.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';

// An attack sends hundreds of megabytes; what the allocator keeps of a few uploads for the next ones is no more than this.
const MEMORY_FOR_ONE_ATTACK = 64 * 1024 * 1024;

/**
 * The attack gets `{stage, visitor, agent, roomid, bystanders}`: the guest's own conversation, and two who only want to talk.
 * It may answer `{keptFiles}`, how many of its uploads were accepted.
 */
export function attack(stage, name, options, run = options) {
  stage.story(name, options === run ? {} : options, async () => {
    const bystanders = await stage.conversation();
    const guest = await stage.conversation();
    const before = await guest.agent.history(guest.roomid);
    const files = storedFiles(stage.server);
    const { run: processes } = stage.server;
    stage.server.forgetPeak();
    const { now } = stage.server.memory();

    const { keptFiles = 0 } = (await run({ stage, ...guest, bystanders })) ?? {};

    assert.ok(stage.server.isAlive && stage.server.run === processes, 'the server is alive');
    const grown = stage.server.memory().peak - now;
    assert.ok(grown < MEMORY_FOR_ONE_ATTACK, `memory grew by ${Math.round(grown / 1024 / 1024)} MB`);
    await bystanders.visitor.says('are you there?');
    await bystanders.agent.hears('are you there?');
    await bystanders.agent.says('I am');
    await bystanders.visitor.hears('I am');
    assert.deepEqual([bystanders.visitor.link.opened, bystanders.agent.link.opened], [1, 1], 'the others never lost their connection');
    assert.deepEqual(await bystanders.agent.history(guest.roomid), before, 'nothing was stored');
    const left = storedFiles(stage.server).filter((file) => !files.includes(file));
    assert.ok(left.length <= keptFiles, `files were left behind: ${left.join(', ')}`);
  });
}

/** Every file below the data folders except the database's own. */
export function storedFiles(server) {
  return server.dataDirs
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/\.(db|sqlite3?)(-wal|-shm|-journal)?$/.test(entry.name))
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`)
    .sort();
}
