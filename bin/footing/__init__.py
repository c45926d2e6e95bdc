"""What starts, stops and tests SME Hub, on Python's standard library alone.

bin/run and bin/test work before anything is installed, so nothing here imports Django or any
package from requirements/.

    environment   the virtual environment, from the locked requirements
    state         what is kept between two starts: ports, passwords, marks of work done
    processes     one child each: started, watched, stopped, never left behind
    postgres      the embedded PostgreSQL
    valkey        the embedded Valkey, which speaks Redis
    roles         which processes the product consists of
    preparing     what has to be done before the first page: words, tables, demo
    running       bin/run
    browser       the Chromium that journeys are driven in
    testing       bin/test
"""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
