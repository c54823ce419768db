-- Throws when `until` has passed: a statement that a caller has been told was not carried out is not carried out later.
CREATE FUNCTION continuo_in_time(until timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF clock_timestamp() > until THEN
    RAISE EXCEPTION 'the statement came too late' USING ERRCODE = 'query_canceled';
  END IF;
  RETURN true;
END $$;
