/** Preloaded into the router's process: stops it when the demo's process is gone, however that ended. */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// The listener alone must not keep the process alive.
process.channel!.unref()
