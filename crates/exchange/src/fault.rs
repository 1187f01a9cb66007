//! What can be wrong with what somebody sent: a file and its records, a form and its fields, a message of a program. One list of
//! codes for all; the words of files are in [`super::wording`], those of forms and rooms beside them.

use serde::{Deserialize, Serialize};

use super::option::FileOption;
use base::terms;
use base::text::Unfit;

terms! {
    pub enum Severity {
        Error = "error" => "错误",
        Warning = "warning" => "警告",
    }
}

terms! {
    /// Stable codes; they appear in import reports, on forms and in the API.
    pub enum FaultCode {
        // The file as a whole.
        FormatUnknown = "format_unknown" => "无法识别的文件格式",
        FileUnreadable = "file_unreadable" => "文件无法读取",
        FileEmpty = "file_empty" => "文件没有内容",
        HeaderOnly = "header_only" => "只有表头",
        FileTruncated = "file_truncated" => "文件不完整",
        FileInconsistent = "file_inconsistent" => "文件自述与内容不符",
        FileSyntax = "file_syntax" => "文件语法错误",
        FileTooLarge = "file_too_large" => "文件超出限度",
        FileMissing = "file_missing" => "缺少配套文件",
        ZipBomb = "zip_bomb" => "压缩包超出限度",
        EncodingDoubtful = "encoding_doubtful" => "文字编码不明",
        EncodingWrong = "encoding_wrong" => "文字编码不符",
        LayerUnknown = "layer_unknown" => "图层不明",
        AttributesMissing = "attributes_missing" => "缺少属性",
        EditsMissing = "edits_missing" => "可能缺少最近的修改",
        NameCut = "name_cut" => "列名被截断",
        FieldOverflow = "field_overflow" => "数值超出字段宽度",
        FieldType = "field_type" => "字段类型未读取",
        TextForeign = "text_foreign" => "文字编码与全文件不同",
        // The frame.
        FrameMissing = "frame_missing" => "坐标系未声明",
        FrameDoubtful = "frame_doubtful" => "坐标系不明确",
        FrameUnsupported = "frame_unsupported" => "坐标系不受支持",
        FrameContradicted = "frame_contradicted" => "坐标与坐标系矛盾",
        FrameNotSurvey = "frame_not_survey" => "非测绘坐标系",
        FrameZonePrefix = "frame_zone_prefix" => "带号前缀矛盾",
        FrameOutOfRange = "frame_out_of_range" => "坐标超出范围",
        AxesSwapped = "axes_swapped" => "纵横坐标颠倒",
        // Geometry.
        GeometryInvalid = "geometry_invalid" => "图形无效",
        GeometrySelfIntersection = "geometry_self_intersection" => "图形自相交",
        GeometryRingsCross = "geometry_rings_cross" => "环相互交叉",
        GeometryTooFewPoints = "geometry_too_few_points" => "界址点不足",
        GeometryEmpty = "geometry_empty" => "图形为空",
        GeometryWrongType = "geometry_wrong_type" => "图形类型不符",
        GeometryTooLarge = "geometry_too_large" => "图形超出限度",
        GeometryDuplicate = "geometry_duplicate" => "图形重复",
        GeometryDuplicatePoint = "geometry_duplicate_point" => "重复界址点",
        CoordinateNotFinite = "coordinate_not_finite" => "坐标不是有效数字",
        CoordinateUnreadable = "coordinate_unreadable" => "坐标无法识别",
        RingNotClosed = "ring_not_closed" => "环未闭合",
        RingDirection = "ring_direction" => "环方向相同",
        PointCountMismatch = "point_count_mismatch" => "界址点数不符",
        Overlap = "overlap" => "图形重叠",
        OutsideDistrict = "outside_district" => "超出辖区",
        OutsideNotChecked = "outside_not_checked" => "未核对辖区",
        SubdistrictDiffers = "subdistrict_differs" => "街道归属不一致",
        AreaMismatch = "area_mismatch" => "面积不符",
        AreaMissing = "area_missing" => "缺少面积",
        AreaUnitDoubtful = "area_unit_doubtful" => "面积单位不明",
        // Codes and registers.
        CodeMissing = "code_missing" => "缺少代码",
        CodeInvalid = "code_invalid" => "代码无效",
        CodeDuplicate = "code_duplicate" => "代码重复",
        UsccInvalid = "uscc_invalid" => "统一社会信用代码无效",
        UsccCheckDigit = "uscc_check_digit" => "统一社会信用代码校验位不符",
        IndustryUnknown = "industry_unknown" => "行业代码不存在",
        IndustryEditionMismatch = "industry_edition_mismatch" => "行业代码版本不符",
        LandUseUnknown = "land_use_unknown" => "用地分类不存在",
        LandMissing = "land_missing" => "缺少用地面积",
        LandZero = "land_zero" => "用地面积为零",
        FigureNegative = "figure_negative" => "数值为负",
        YearOutOfRange = "year_out_of_range" => "年份超出范围",
        PeriodInvalid = "period_invalid" => "期限无效",
        EnterpriseUnknown = "enterprise_unknown" => "企业不存在",
        ParcelUnknown = "parcel_unknown" => "宗地不存在",
        SubdistrictUnknown = "subdistrict_unknown" => "街道不存在",
        DuplicateRecord = "duplicate_record" => "记录重复",
        OccupancyExceedsParcel = "occupancy_exceeds_parcel" => "占用面积超过宗地面积",
        ConflictsWithRegister = "conflicts_with_register" => "与在册记录冲突",
        OutsideScope = "outside_scope" => "超出办理权限",
        EditionIncomplete = "edition_incomplete" => "图层版本不完整",
        // Contracts.
        ContractUnknown = "contract_unknown" => "合同不存在",
        ContractRefused = "contract_refused" => "合同整体未导入",
        CaseNotAdmitted = "case_not_admitted" => "准入案件未准予准入",
        NoAgreement = "no_agreement" => "没有合同正文",
        ParcelCodeInvalid = "parcel_code_invalid" => "宗地代码无效",
        ParcelTwice = "parcel_twice" => "宗地重复",
        IndicatorUnknown = "indicator_unknown" => "承诺指标不存在",
        LandTaken = "land_taken" => "土地已有有效合同或准入项目",
        GranteeUnknown = "grantee_unknown" => "受让人不在企业名录",
        GranteeInvalid = "grantee_invalid" => "受让人信用代码无效",
        GranteeDoubtful = "grantee_doubtful" => "受让人信用代码校验位不符",
        InstalmentsSum = "instalments_sum" => "分期价款之和与总价不符",
        InstalmentAmount = "instalment_amount" => "分期价款不是正数",
        DatesOrder = "dates_order" => "约定日期先后颠倒",
        DateBeforeContract = "date_before_contract" => "约定日期早于合同",
        RateDoubtful = "rate_doubtful" => "违约金比例可疑",
        RateInvalid = "rate_invalid" => "违约金比例无效",
        FigureOutOfRange = "figure_out_of_range" => "数值超出范围",
        TermYears = "term_years" => "使用年期无效",
        SupplementTwice = "supplement_twice" => "补充协议重复",
        EventIncomplete = "event_incomplete" => "事件要素不全",
        StageLengths = "stage_lengths" => "分阶段年期超过使用年期",
        SupplementBeforeContract = "supplement_before_contract" => "补充协议早于合同",
        LeapDay = "leap_day" => "自2月29日起算",
        EventBeforeContract = "event_before_contract" => "事件早于合同",
        EventInFuture = "event_in_future" => "事件日期在将来",
        HandedOverTwice = "handed_over_twice" => "重复交地",
        HappenedAlready = "happened_already" => "重复登记",
        StageNotReached = "stage_not_reached" => "阶段未到",
        CompletionBeforeStart = "completion_before_start" => "竣工早于开工",
        AfterTheEnd = "after_the_end" => "合同已经终止",
        ReviewElsewhere = "review_elsewhere" => "复核须在复核页面办理",
        FailedForGood = "failed_for_good" => "复核已最终不通过",
        InstalmentUnknown = "instalment_unknown" => "没有这一期价款",
        Overpaid = "overpaid" => "缴款超过该期价款",
        DutyUnknown = "duty_unknown" => "合同没有这一事项",
        PenaltyNotOwed = "penalty_not_owed" => "尚无应缴的违约金",
        PenaltyOverpaid = "penalty_overpaid" => "缴纳违约金超过应缴",
        ExtensionTooLong = "extension_too_long" => "延期超过一年",
        ExtensionNotLater = "extension_not_later" => "延期未晚于原定日期",
        ExtensionImpossible = "extension_impossible" => "该期限不能延期",
        CertificateStageNotReached = "certificate_stage_not_reached" => "权证阶段未到",
        CertificateParcel = "certificate_parcel" => "权证宗地不在合同内",
        CertificateOverlap = "certificate_overlap" => "同一宗地两证同时有效",
        CertificatePastTerm = "certificate_past_term" => "权证超出使用年期",
        CertificatePeriod = "certificate_period" => "权证期限无效",
        // Schemes of evaluation.
        SchemeUnsound = "scheme_unsound" => "评价方案不成立",
        FactUnknown = "fact_unknown" => "没有这一年度数据项",
        SchemeCoverage = "scheme_coverage" => "评价对象不符合规定范围",
        SchemeIndicators = "scheme_indicators" => "评价指标不符合规定",
        SchemeBenchmark = "scheme_benchmark" => "基准值不符合规定",
        SchemeWeight = "scheme_weight" => "指标权重超出界限",
        SchemeWeightSum = "scheme_weight_sum" => "权重合计不是100%",
        SchemeGrades = "scheme_grades" => "分档不符合规定",
        SchemeQuota = "scheme_quota" => "分档比例超出界限",
        SchemeVeto = "scheme_veto" => "一票否决不符合规定",
        // Measures that follow from a grade.
        MeasureRate = "measure_rate" => "措施没有标准",
        MeasureBase = "measure_base" => "措施没有计算基数",
        MeasureOverlap = "measure_overlap" => "措施相互重叠",
        MeasureCondition = "measure_condition" => "核实事项问法不一",
        MeasureGround = "measure_ground" => "措施的依据已失效",
        // Tables.
        HeaderMissing = "header_missing" => "找不到表头",
        ColumnMissing = "column_missing" => "缺少列",
        ColumnUnknown = "column_unknown" => "未识别的列",
        RowTooWide = "row_too_wide" => "多出的单元格",
        ColumnDuplicate = "column_duplicate" => "列重复",
        UnitMissing = "unit_missing" => "缺少单位",
        UnitUnknown = "unit_unknown" => "单位无法识别",
        TextUnfit = "text_unfit" => "文字不能保存",
        ValueMissing = "value_missing" => "缺少数值",
        ValueUnreadable = "value_unreadable" => "数值无法识别",
        ValueUnknown = "value_unknown" => "取值不在范围内",
        ColumnDivided = "column_divided" => "一个标题下有几列",
        FormulaNotComputed = "formula_not_computed" => "公式没有结果",
        FigureShownOtherwise = "figure_shown_otherwise" => "显示的数与存储的不同",
        FigureImplausible = "figure_implausible" => "数值可疑",
        CodeDamaged = "code_damaged" => "编号被改动",
        CellMerged = "cell_merged" => "合并单元格",
        InvisibleCharacters = "invisible_characters" => "看不见的字符",
        RowsPassedOver = "rows_passed_over" => "不是记录的行",
        RowsHidden = "rows_hidden" => "隐藏的行、列或工作表",
        // Forms and messages.
        BadRequest = "bad_request" => "填写有误",
        Conflict = "conflict" => "情况已变",
        Unreadable = "unreadable" => "内容无法读取",
        TextControlCharacter = "text_control_character" => "文字含控制字符",
        TextDirectionCharacter = "text_direction_character" => "文字含改变方向的字符",
        TextInvisible = "text_invisible" => "只有看不见的字符",
        TextTooLong = "text_too_long" => "文字过长",
        Missing = "missing" => "缺少必填项",
        // Parcels that are changed or drawn.
        Count = "count" => "宗地数量不符",
        CodeTwice = "code_twice" => "宗地代码重复",
        CodeTaken = "code_taken" => "宗地代码已使用",
        CodesDiffer = "codes_differ" => "宗地代码前后不一致",
        Uncovered = "uncovered" => "原宗地未被覆盖",
        Outside = "outside" => "超出原宗地",
        Scattered = "scattered" => "宗地不相邻",
        AreaSum = "area_sum" => "面积合计不符",
        AreaDiffers = "area_differs" => "登记面积与图形不符",
        TooEarly = "too_early" => "生效日期过早",
        InFuture = "in_future" => "生效日期在未来",
        AlreadyEnded = "already_ended" => "宗地已注销或另有变更",
        Shape = "shape" => "图形无法使用",
        // A project that is checked.
        UnknownFigure = "unknown_figure" => "没有这项指标数据",
        UnknownUnit = "unknown_unit" => "指标单位无法识别",
        AreaZero = "area_zero" => "面积为零",
        FloorInvalid = "floor_invalid" => "楼层无效",
        ShareAboveWhole = "share_above_whole" => "部分大于整体",
        LandUseDiffers = "land_use_differs" => "用地代码与土地类型不符",
        JudgementWithoutReason = "judgement_without_reason" => "判断没有理由",
        SiteTwice = "site_twice" => "用地填报了两次",
        SiteOutsideDistrict = "site_outside_district" => "用地不在本区",
        SitePartsApart = "site_parts_apart" => "用地相距过远",
        SitePartsTooMany = "site_parts_too_many" => "用地块数过多",
        // Remediation.
        EnteredAlready = "entered_already" => "已列入整治",
        SubjectLeft = "subject_left" => "企业已迁出或注销",
        ParcelGone = "parcel_gone" => "宗地已变更",
        GroundNotBorneOut = "ground_not_borne_out" => "事由与台账不符",
        TargetBelowLine = "target_below_line" => "目标低于标准",
        FigureForecast = "figure_forecast" => "没有完整年度的数据",
        AcceptanceLacking = "acceptance_lacking" => "不具备验收条件",
        EvidenceElsewhere = "evidence_elsewhere" => "材料属于其他档案",
        TaskDone = "task_done" => "任务已办结",
        TaskOfAnother = "task_of_another" => "任务属于其他部门",
        SamePerson = "same_person" => "须由另一人办理",
        NoDepartment = "no_department" => "账号没有所属部门",
        // Survey.
        SurveyOpen = "survey_open" => "已有未结束的摸底调查",
        SurveyEmpty = "survey_empty" => "没有工业用地",
    }
}

/// What stands on record and is at fault: its kind and number.
pub type Row = (&'static str, i64);

/// One thing wrong with what was sent: what, where, how bad, and what to do. The same for files, forms and programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Fault {
    /// The record, counted from 1 in file order; none when the file as a whole is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// The line of a text file or the row of a sheet, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The field of a form by its name, or a JSON pointer; empty when the whole is meant.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    #[serde(skip)]
    pub row: Option<Row>,
    pub code: FaultCode,
    pub severity: Severity,
    /// Chinese: what, where, what to do.
    pub message: String,
}

impl Fault {
    pub fn error(code: FaultCode, message: impl Into<String>) -> Self {
        let (place, row) = (String::new(), None);
        Fault { record: None, line: None, place, row, code, severity: Severity::Error, message: message.into() }
    }

    pub fn warning(code: FaultCode, message: impl Into<String>) -> Self {
        Fault { severity: Severity::Warning, ..Fault::error(code, message) }
    }

    /// Names the place, unless the fault already knows it better.
    pub fn at(mut self, record: Option<u64>, line: Option<u64>) -> Self {
        self.record = self.record.or(record);
        self.line = self.line.or(line);
        self
    }

    /// Names the field of a form, or the place in a message, unless the fault knows its own.
    pub fn at_field(mut self, place: impl Into<String>) -> Self {
        if self.place.is_empty() {
            self.place = place.into();
        }
        self
    }

    /// Names what stands on record.
    pub fn about(self, row: Option<Row>) -> Self {
        Fault { row, ..self }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Nothing stands in the way but a person who has to say that it is right all the same.
pub fn wants_vouching(faults: &[Fault]) -> bool {
    !faults.is_empty() && !faults.iter().any(Fault::is_error)
}

impl From<Unfit> for FaultCode {
    fn from(wrong: Unfit) -> Self {
        match wrong {
            Unfit::Control(..) => FaultCode::TextControlCharacter,
            Unfit::Turning(..) => FaultCode::TextDirectionCharacter,
            Unfit::Unseen(_) => FaultCode::TextInvisible,
            Unfit::TooLong(_) => FaultCode::TextTooLong,
        }
    }
}

/// Something only the user can say; the import waits for the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Question {
    pub code: FaultCode,
    /// Chinese: what is not known. How to answer is said by the page or the terminal that asks.
    pub message: String,
    /// The option that carries the answer.
    pub option: FileOption,
    pub candidates: Vec<Candidate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Candidate {
    /// What to pass as the option's value.
    pub value: String,
    /// Chinese, for the eye.
    pub label: String,
}

impl Candidate {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Candidate { value: value.into(), label: label.into() }
    }
}

/// Why a file as a whole gives no records.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("{}", .0.message)]
    Refused(Box<Fault>),
    #[error("{}", .0.message)]
    Question(Box<Question>),
}

impl From<Fault> for Unreadable {
    fn from(fault: Fault) -> Self {
        Unreadable::Refused(Box::new(fault))
    }
}

impl From<Question> for Unreadable {
    fn from(question: Question) -> Self {
        Unreadable::Question(Box::new(question))
    }
}
