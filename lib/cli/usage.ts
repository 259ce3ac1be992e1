/** The text that shows how the command is used. */

/** What goes to stderr when the command line cannot be used. */
export const usage = `Usage : fairlead [-f <cfgfile|cfgdir>]* [ -vdVD ] [ -n <maxconn> ] [ -p <pidfile> ]
        [ -C <dir> ] [-- <cfgfile>*]
        -v displays version ; -vv shows features and libraries.
        -f adds a configuration file, or all *.cfg files of a folder
        -c check mode : only check config files and exit
        -cc check condition : evaluate a condition and exit
        -d enters debug mode : foreground, each transaction is shown
        -db only disables background mode.
        -V enters verbose mode (disables quiet mode)
        -q quiet mode : don't display messages
        -D goes daemon ; -C changes to <dir> before loading files.
        -n sets the maximum total # of connections
        -L set local peer name (default to hostname)
        -p writes the pid of the daemon to this file
        -dr ignores server address resolution failures
        -dW fails if any warning is emitted
        --re2 runs regular expressions in linear time, by the package re2
        -dD diagnostic mode : warn about suspicious configuration statements
        -sf/-st [pid ]* finishes/terminates old pids.
        -de -dp -dk -dS -dG -dR -dI -dM... -dV are accepted, for scripts that pass them

        fairlead explain -f <cfgfile> [<method>] <url> : tells how a request would go
`

/** The same for `fairlead explain`. */
export const explainUsage = `Usage : fairlead explain [-f <cfgfile|cfgdir>]* [<method>] <url> [ options ]
        -H '<name>: <value>' adds a header field
        --data <text> | --data-file <file> gives the request a body
        --src <ip> --src-port <port> : who asks (default 127.0.0.1)
        --dst <ip> --dst-port <port> : the address that was connected to
        --frontend <name> : default is the one that listens at the URL's port, or the only one
        --at <time> : the time of day that rules see
        --http 1.0 : the version of the request
        --response '<status>' [--response-header '<name>: <value>']* shows the way back
        --json : the same as data
`
