import { render } from 'preact'
import { App } from './app.js'
import { connect } from './live.js'
import { useLoginInAddress } from './one-time-login.js'
import { loadAll, startState, takeFrames } from './state.js'

startState()
connect({ frames: takeFrames, stale: loadAll })
void useLoginInAddress()
render(<App />, document.getElementById('app')!)
