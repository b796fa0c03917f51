//! Gathers what SQLite writes into its log, so that a commit hands it to the kernel at once.
//!
//! SQLite writes each page of a commit with two system calls, one for a header of 24 bytes and one for the page. That was
//! a quarter of all the server's work for a message. Here such writes only go into a buffer, which goes out
//! with one call before the log is synced, read, measured, cut or closed: whoever looks into the file through this
//! handle sees what was written, and others look only at what was synced (<https://sqlite.org/fileformat2.html#walformat>).
//! Everything else goes straight to SQLite's own way to the operating system (<https://sqlite.org/vfs.html>).

use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::ptr::{null, null_mut};
use std::sync::OnceLock;

use rusqlite::ffi;

const NAME: &CStr = c"nodechat";
/// What may wait to be written; a larger commit goes out in pieces. SQLite's way to the kernel takes less than 128 KiB at once.
const BUFFER_BYTES: usize = 1 << 16;

/// Makes it known to SQLite; the name under which connections ask for it.
pub fn register() -> rusqlite::Result<&'static CStr> {
    static OUTCOME: OnceLock<c_int> = OnceLock::new();
    match *OUTCOME.get_or_init(add_to_sqlite) {
        ffi::SQLITE_OK => Ok(NAME),
        code => Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)),
    }
}

fn add_to_sqlite() -> c_int {
    // SAFETY: SQLite's own one is found and stays for ever; so does ours, which is leaked.
    unsafe {
        let system = ffi::sqlite3_vfs_find(null());
        if system.is_null() {
            return ffi::SQLITE_ERROR;
        }
        let ours = Box::leak(Box::new(ffi::sqlite3_vfs {
            iVersion: 1,
            szOsFile: (*system).szOsFile + size_of::<Log>() as c_int,
            mxPathname: (*system).mxPathname,
            pNext: null_mut(),
            zName: NAME.as_ptr(),
            pAppData: system.cast(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            // Nothing is ever loaded.
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: Some(current_time),
            xGetLastError: Some(last_error),
            xCurrentTimeInt64: None,
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        }));
        ffi::sqlite3_vfs_register(ours, 0)
    }
}

/// An open log. SQLite gives the memory; the system's own file lies behind it.
#[repr(C)]
struct Log {
    face: ffi::sqlite3_file,
    waiting: *mut Waiting,
}

/// Bytes that belong at `at` in the file and are not there yet.
struct Waiting {
    at: i64,
    bytes: Vec<u8>,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    // Memory is shared and mapped beside the database itself, never beside its log.
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// Calls a method of the system's own file behind a log.
macro_rules! inner {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        let inner = inner($file);
        match (*(*inner).pMethods).$method {
            Some(method) => method(inner, $($argument),*),
            None => ffi::SQLITE_IOERR,
        }
    }};
}

/// Calls a function of the system's own VFS.
macro_rules! system {
    ($vfs:expr, $function:ident $(, $argument:expr)*) => {{
        let system = (*$vfs).pAppData.cast::<ffi::sqlite3_vfs>();
        match (*system).$function {
            Some(function) => function(system, $($argument),*),
            None => ffi::SQLITE_ERROR,
        }
    }};
}

// SAFETY, for all functions below: SQLite calls them, with the VFS of `add_to_sqlite` or with a file that `open` has made
// a `Log` of, never two at once with one file. `waiting` comes from a box in `open` and goes in `close`.

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    unsafe {
        if flags & ffi::SQLITE_OPEN_WAL == 0 {
            return system!(vfs, xOpen, name, file, flags, out_flags);
        }
        // Without methods SQLite does not close what could not be opened.
        (*file).pMethods = null();
        let inner = inner(file);
        (*inner).pMethods = null();
        let code = system!(vfs, xOpen, name, inner, flags, out_flags);
        if code == ffi::SQLITE_OK {
            (*file.cast::<Log>()).waiting = Box::into_raw(Box::new(Waiting { at: 0, bytes: Vec::new() }));
            (*file).pMethods = &METHODS;
        }
        code
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    count: c_int,
    at: i64,
) -> c_int {
    unsafe {
        let waiting = &mut *(*file.cast::<Log>()).waiting;
        let new = std::slice::from_raw_parts(from.cast::<u8>(), count as usize);
        if at != waiting.at + waiting.bytes.len() as i64 || waiting.bytes.len() + new.len() > BUFFER_BYTES {
            let code = flush(file);
            if code != ffi::SQLITE_OK {
                return code;
            }
            waiting.at = at;
        }
        waiting.bytes.extend_from_slice(new);
        ffi::SQLITE_OK
    }
}

/// Hands over what waits. What could not be written is gone, and so is the commit that it belongs to: SQLite is told.
unsafe fn flush(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe {
        let waiting = &mut *(*file.cast::<Log>()).waiting;
        if waiting.bytes.is_empty() {
            return ffi::SQLITE_OK;
        }
        let code =
            inner!(file, xWrite, waiting.bytes.as_ptr().cast(), waiting.bytes.len() as c_int, waiting.at);
        waiting.at += waiting.bytes.len() as i64;
        waiting.bytes.clear();
        code
    }
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, to: *mut c_void, count: c_int, at: i64) -> c_int {
    unsafe {
        match flush(file) {
            ffi::SQLITE_OK => inner!(file, xRead, to, count, at),
            code => code,
        }
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    unsafe {
        match flush(file) {
            ffi::SQLITE_OK => inner!(file, xSync, flags),
            code => code,
        }
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    unsafe {
        match flush(file) {
            ffi::SQLITE_OK => inner!(file, xTruncate, size),
            code => code,
        }
    }
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    unsafe {
        match flush(file) {
            ffi::SQLITE_OK => inner!(file, xFileSize, size),
            code => code,
        }
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe {
        let flushed = flush(file);
        drop(Box::from_raw((*file.cast::<Log>()).waiting));
        let closed = inner!(file, xClose);
        if flushed == ffi::SQLITE_OK { closed } else { flushed }
    }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    unsafe { inner!(file, xLock, level) }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    unsafe { inner!(file, xUnlock, level) }
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, held: *mut c_int) -> c_int {
    unsafe { inner!(file, xCheckReservedLock, held) }
}

unsafe extern "C" fn file_control(file: *mut ffi::sqlite3_file, what: c_int, argument: *mut c_void) -> c_int {
    unsafe { inner!(file, xFileControl, what, argument) }
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { inner!(file, xSectorSize) }
}

unsafe extern "C" fn device_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { inner!(file, xDeviceCharacteristics) }
}

unsafe fn inner(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    unsafe { file.cast::<Log>().add(1).cast() }
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    unsafe { system!(vfs, xDelete, name, sync_folder) }
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    answer: *mut c_int,
) -> c_int {
    unsafe { system!(vfs, xAccess, name, flags, answer) }
}

unsafe extern "C" fn full_pathname(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    size: c_int,
    out: *mut c_char,
) -> c_int {
    unsafe { system!(vfs, xFullPathname, name, size, out) }
}

unsafe extern "C" fn randomness(vfs: *mut ffi::sqlite3_vfs, size: c_int, out: *mut c_char) -> c_int {
    unsafe { system!(vfs, xRandomness, size, out) }
}

unsafe extern "C" fn sleep(vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    unsafe { system!(vfs, xSleep, microseconds) }
}

unsafe extern "C" fn current_time(vfs: *mut ffi::sqlite3_vfs, julian_day: *mut f64) -> c_int {
    unsafe { system!(vfs, xCurrentTime, julian_day) }
}

unsafe extern "C" fn last_error(vfs: *mut ffi::sqlite3_vfs, size: c_int, out: *mut c_char) -> c_int {
    unsafe { system!(vfs, xGetLastError, size, out) }
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, OpenFlags};

    use super::*;

    fn gathering(path: &std::path::Path) -> Connection {
        let db =
            Connection::open_with_flags_and_vfs(path, OpenFlags::default(), register().unwrap()).unwrap();
        db.execute_batch("pragma journal_mode = wal; pragma synchronous = full").unwrap();
        db
    }

    fn count(db: &Connection) -> i64 {
        db.query_row("select count(*) from t", [], |row| row.get(0)).unwrap()
    }

    fn is_whole(db: &Connection) -> bool {
        db.query_row("pragma integrity_check", [], |row| row.get::<_, String>(0)).unwrap() == "ok"
    }

    #[test]
    fn what_is_committed_is_in_the_file_for_everybody() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.db");
        let db = gathering(&path);
        db.execute_batch("create table t (a)").unwrap();
        // By SQLite's own way to the operating system, as another program would.
        let other = Connection::open(&path).unwrap();
        for rows in 1..=100 {
            db.execute("insert into t values (randomblob(3000))", []).unwrap();
            assert_eq!(count(&other), rows);
        }
        let copy = folder.path().join("copy.db");
        std::fs::copy(&path, &copy).unwrap();
        std::fs::copy(folder.path().join("t.db-wal"), folder.path().join("copy.db-wal")).unwrap();
        let copy = Connection::open(copy).unwrap();
        assert_eq!(count(&copy), 100, "after a power cut it would be there");
        assert!(is_whole(&copy));
    }

    #[test]
    fn a_commit_larger_than_all_buffers_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.db");
        let db = gathering(&path);
        // So little memory that pages go into the log before the commit, are read back, and written again.
        db.execute_batch("pragma cache_size = 10; create table t (a integer primary key, b)").unwrap();
        db.execute_batch(
            "begin;
             with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000)
             insert into t select i, randomblob(300) from n;
             savepoint half;
             update t set b = randomblob(500);
             rollback to half;
             update t set b = randomblob(400) where a % 3 = 0;
             commit",
        )
        .unwrap();
        let sum: i64 = db.query_row("select sum(length(b)) from t", [], |row| row.get(0)).unwrap();
        assert_eq!(sum, 5000 * 300 + 1666 * 100);
        drop(db);
        assert!(!folder.path().join("t.db-wal").exists(), "the log is written back when the last one closes");
        let other = Connection::open(&path).unwrap();
        assert_eq!(count(&other), 5000);
        assert!(is_whole(&other));
    }

    #[test]
    fn what_was_rolled_back_is_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.db");
        let db = gathering(&path);
        db.execute_batch("pragma cache_size = 10; create table t (a)").unwrap();
        let many = "with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000)
             insert into t select randomblob(300) from n";
        for _ in 0..3 {
            db.execute_batch("begin").unwrap();
            db.execute_batch(many).unwrap();
            db.execute_batch("rollback").unwrap();
            db.execute("insert into t values (1)", []).unwrap();
        }
        let other = Connection::open(&path).unwrap();
        assert_eq!((count(&db), count(&other)), (3, 3));
        assert!(is_whole(&other));
    }
}
