/** What is explained is what went over the wire, for every case: the suite of `test/language`, which takes a part of them by itself. */
process.env['FAIRLEAD_EXPLAIN'] = 'all'
await import('../language/explain.test.js')
