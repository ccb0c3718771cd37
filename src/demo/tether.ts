/** Loaded into the router's process beforehand: it stops when the demo is gone, in whichever way that went. */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// The listener alone would keep a process alive that has nothing left to do.
process.channel!.unref()
