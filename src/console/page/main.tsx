import { render } from 'preact'
import { App } from './app.js'
import { connect } from './live.js'
import { loadAll, startState, takeFrames } from './state.js'

startState()
connect({ frames: takeFrames, stale: loadAll })
render(<App />, document.getElementById('app')!)
