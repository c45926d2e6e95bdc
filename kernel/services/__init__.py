from kernel.services.draining import drain
from kernel.services.idempotency import once
from kernel.services.parking import replay
from kernel.services.recording import record

__all__ = ["drain", "once", "record", "replay"]
