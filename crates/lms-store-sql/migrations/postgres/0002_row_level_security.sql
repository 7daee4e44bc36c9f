-- The second wall. The first is `classroom::policy`; what follows says the same, row by row.
--
-- The program connects as a member of `scormbridge_app`, never as the owner of the tables, and begins every
-- transaction with its identity: `app.user_id` (an id, or empty) and `app.role`. Policies are forced, so that
-- even the owner sees nothing without one.

DO $$
BEGIN
    CREATE ROLE scormbridge_app NOLOGIN;
EXCEPTION
    -- Roles belong to the cluster: another database may have made it, or be making it now.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

CREATE FUNCTION app_user() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;

CREATE FUNCTION app_role() RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT coalesce(nullif(current_setting('app.role', true), ''), 'anonymous') $$;

-- The next three look past the policies of the tables they read, or those would ask themselves. They tell a person
-- about nobody else, and give the role back before they return. (`SET app.role` on the function would say the same,
-- but only a superuser may write that.)
CREATE FUNCTION app_taught() RETURNS SETOF uuid LANGUAGE plpgsql STABLE AS $$
DECLARE
    role text := app_role();
BEGIN
    PERFORM set_config('app.role', 'service', true);
    RETURN QUERY SELECT c.id FROM courses c WHERE c.teacher_id = app_user();
    PERFORM set_config('app.role', role, true);
END
$$;

CREATE FUNCTION app_joined() RETURNS SETOF uuid LANGUAGE plpgsql STABLE AS $$
DECLARE
    role text := app_role();
BEGIN
    PERFORM set_config('app.role', 'service', true);
    RETURN QUERY SELECT e.course_id FROM enrollments e WHERE e.user_id = app_user() AND e.status = 'active';
    PERFORM set_config('app.role', role, true);
END
$$;

CREATE FUNCTION app_published(course uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    role text := app_role();
    found_one boolean;
BEGIN
    PERFORM set_config('app.role', 'service', true);
    found_one := EXISTS (SELECT 1 FROM courses c WHERE c.id = course AND c.published);
    PERFORM set_config('app.role', role, true);
    RETURN found_one;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'users', 'sessions', 'course_providers', 'courses', 'lessons', 'enrollments', 'interactive_attempts',
        'interactive_launch_tokens', 'user_aliases', 'external_courses', 'course_versions', 'assignment_targets',
        'course_events', 'runtime_checkpoints', 'idempotency_records', 'scorm_packages', 'scorm_launches',
        'scorm_tracks'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO scormbridge_app', name);
    END LOOP;

    -- Only the server.
    FOREACH name IN ARRAY ARRAY[
        'sessions', 'interactive_launch_tokens', 'user_aliases', 'idempotency_records'
    ] LOOP
        EXECUTE format('CREATE POLICY server ON %I USING (app_role() = ''service'')', name);
    END LOOP;

    -- The staff reads, administrators write.
    FOREACH name IN ARRAY ARRAY['course_providers', 'external_courses', 'course_versions'] LOOP
        EXECUTE format('CREATE POLICY reading ON %I FOR SELECT
            USING (app_role() IN (''service'', ''admin'', ''teacher''))', name);
        EXECUTE format('CREATE POLICY writing ON %I USING (app_role() IN (''service'', ''admin''))', name);
    END LOOP;

    -- The class reads, its teacher writes.
    FOREACH name IN ARRAY ARRAY['lessons', 'assignment_targets', 'scorm_packages'] LOOP
        EXECUTE format('CREATE POLICY reading ON %I FOR SELECT USING (CASE
            WHEN app_role() IN (''service'', ''admin'') THEN true
            WHEN app_role() IN (''teacher'', ''student'')
                THEN course_id IN (SELECT app_joined()) OR course_id IN (SELECT app_taught())
            ELSE false END)', name);
        EXECUTE format('CREATE POLICY writing ON %I USING (CASE
            WHEN app_role() IN (''service'', ''admin'') THEN true
            WHEN app_role() = ''teacher'' THEN course_id IN (SELECT app_taught())
            ELSE false END)', name);
    END LOOP;

    -- Only the server writes.
    FOREACH name IN ARRAY ARRAY[
        'interactive_attempts', 'scorm_launches', 'scorm_tracks', 'runtime_checkpoints'
    ] LOOP
        EXECUTE format('CREATE POLICY writing ON %I USING (app_role() = ''service'')', name);
    END LOOP;

    -- Whoever may read the attempt. The policy of the attempts decides.
    FOREACH name IN ARRAY ARRAY['scorm_launches', 'scorm_tracks'] LOOP
        EXECUTE format('CREATE POLICY reading ON %1$I FOR SELECT
            USING (EXISTS (SELECT 1 FROM interactive_attempts a WHERE a.id = %1$I.attempt_id))', name);
    END LOOP;
END
$$;

CREATE POLICY reading ON users FOR SELECT USING (CASE
    WHEN app_role() IN ('service', 'admin') THEN true
    WHEN app_role() = 'teacher' THEN id = app_user() OR EXISTS (
        SELECT 1 FROM enrollments e WHERE e.user_id = users.id AND e.course_id IN (SELECT app_taught()))
    WHEN app_role() = 'student' THEN id = app_user()
    ELSE false END);
CREATE POLICY writing ON users USING (app_role() IN ('service', 'admin'));

CREATE POLICY reading ON courses FOR SELECT USING (CASE
    WHEN app_role() IN ('service', 'admin') THEN true
    WHEN app_role() IN ('teacher', 'student')
        THEN published OR teacher_id = app_user() OR id IN (SELECT app_joined())
    ELSE published END);
CREATE POLICY writing ON courses USING (CASE
    WHEN app_role() IN ('service', 'admin') THEN true
    WHEN app_role() = 'teacher' THEN teacher_id = app_user()
    ELSE false END);

CREATE POLICY reading ON enrollments FOR SELECT USING (CASE
    WHEN app_role() IN ('service', 'admin') THEN true
    WHEN app_role() IN ('teacher', 'student') THEN user_id = app_user() OR course_id IN (SELECT app_taught())
    ELSE false END);
CREATE POLICY joining ON enrollments FOR INSERT WITH CHECK (CASE
    WHEN app_role() IN ('teacher', 'student') THEN user_id = app_user() AND app_published(course_id)
    ELSE false END);
CREATE POLICY writing ON enrollments USING (CASE
    WHEN app_role() IN ('service', 'admin') THEN true
    WHEN app_role() = 'teacher' THEN course_id IN (SELECT app_taught())
    ELSE false END);

CREATE POLICY reading ON interactive_attempts FOR SELECT USING (CASE
    WHEN app_role() IN ('service', 'admin') THEN true
    WHEN app_role() IN ('teacher', 'student') THEN user_id = app_user() OR course_id IN (SELECT app_taught())
    ELSE false END);

CREATE POLICY reading ON runtime_checkpoints FOR SELECT USING (CASE
    WHEN app_role() IN ('service', 'admin') THEN true
    WHEN app_role() IN ('teacher', 'student') THEN EXISTS (
        SELECT 1 FROM interactive_attempts a WHERE a.id = attempt_id AND a.user_id = app_user())
    ELSE false END);

-- The log has no policy for UPDATE, and nobody may.
REVOKE UPDATE ON course_events FROM scormbridge_app;
CREATE POLICY reading ON course_events FOR SELECT USING (CASE
    WHEN app_role() IN ('service', 'admin') THEN true
    WHEN app_role() IN ('teacher', 'student') THEN course_id IN (SELECT app_taught())
    ELSE false END);
CREATE POLICY appending ON course_events FOR INSERT WITH CHECK (app_role() = 'service');
CREATE POLICY forgetting ON course_events FOR DELETE USING (app_role() = 'service');
