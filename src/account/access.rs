//! Role × permission, in one table.

use super::role::Role;

crate::terms! {
    /// What a route asks of the person behind a request.
    pub enum Access {
        /// Anybody, signed in or not.
        Public = "public" => "公开",
        /// Anybody with an account.
        SignedIn = "signed_in" => "已登录",
        ReadRegisters = "read_registers" => "查阅台账",
        WriteParcels = "write_parcels" => "维护宗地",
        WriteEnterprises = "write_enterprises" => "维护企业与用地",
        WriteContracts = "write_contracts" => "维护合同",
        /// Penalties and taking back under a contract.
        DecideBreaches = "decide_breaches" => "审批违约处理",
        ImportFiles = "import_files" => "导入文件",
        ConfirmFigures = "confirm_figures" => "确认数据",
        ReadCases = "read_cases" => "查阅准入案件",
        /// Filing, accepting, consulting, recommending.
        HandleCases = "handle_cases" => "办理准入案件",
        GiveOpinions = "give_opinions" => "出具部门意见",
        DecideCases = "decide_cases" => "决定准入",
        ConfirmSetAside = "confirm_set_aside" => "确认排除命中",
        ManageOffers = "manage_offers" => "维护在供地块",
        RunWhatIf = "run_what_if" => "指标推演",
        SubmitPolicy = "submit_policy" => "提交政策与指标",
        ApprovePolicy = "approve_policy" => "批准政策与指标",
        /// Computing, proposing and withdrawing runs of the yearly evaluation.
        RunEvaluation = "run_evaluation" => "综合评价核算",
        /// Events that bar from A and B, each by the department that found them.
        KeepVetoes = "keep_vetoes" => "登记一票否决",
        /// Exemptions, claims of bonus and deduction, own coefficients.
        KeepAdjustments = "keep_adjustments" => "登记免评、加减分和修正系数",
        /// Who is evaluated: the register of platforms, and lists that name their members.
        KeepEvaluationLists = "keep_lists" => "登记产业平台和评价名单",
        /// Makes the results of others official on a resolution of the leading group, or gives them back.
        SignEvaluation = "sign_evaluation" => "签发评价结果",
        /// Members, meetings and resolutions of the leading group.
        KeepLeadingGroup = "keep_leading_group" => "登记领导小组事项",
        /// Entering, planning, telling, asking for acceptance.
        HandleRemediation = "handle_remediation" => "办理整治档案",
        /// Verifying on the ground, evidence, tasks of one's department.
        WorkRemediation = "work_remediation" => "核实整治对象、办理整治任务",
        /// Joint acceptance, for one's department.
        AcceptRemediation = "accept_remediation" => "整治验收",
        StrikeOffRemediation = "strike_off_remediation" => "整治销号",
        /// Campaigns of several departments: opening, listing, handing over what was found, closing.
        RunEnforcement = "run_enforcement" => "组织联合执法、移交问题",
        /// What was found and handed over to one's department.
        WorkEnforcement = "work_enforcement" => "办理联合执法问题",
        /// Lists of measures for those who carry them out, and reconciling what they report.
        HandOverMeasures = "hand_over_measures" => "交办和核对差别化措施",
        /// What was done about measures, and answers to auditors.
        ReportAllocation = "report_allocation" => "报告措施执行情况",
        /// Drawing, looking, opening findings and closing them.
        AuditAllocation = "audit_allocation" => "审计差别化资源配置",
        /// Opening a round of the survey of industrial land, and closing another person's.
        RunSurvey = "run_survey" => "开展和结束摸底调查",
        /// What was found on a parcel.
        WorkSurvey = "work_survey" => "登记摸底调查核实",
        /// Taking over into the registers what was found, or refusing it.
        SettleSurvey = "settle_survey" => "处理台账与现场差异",
        ReadInspections = "read_inspections" => "查阅检查",
        DoInspections = "do_inspections" => "现场检查",
        AssignInspections = "assign_inspections" => "下达检查",
        /// Where an inspector stood and a photo was taken.
        SeeInspectionPlaces = "see_inspection_places" => "查阅检查位置",
        ReadAudit = "read_audit" => "查阅审计",
        ManageAccounts = "manage_accounts" => "管理账号",
    }
}

impl Role {
    /// What it may do beyond looking and signing in, for the page that explains it.
    pub fn rights(self) -> Vec<Access> {
        let every = [Access::Public, Access::SignedIn, Access::ReadRegisters, Access::ReadCases];
        Access::ALL.iter().copied().filter(|access| self.may(*access) && !every.contains(access)).collect()
    }

    /// What the text gives it to do, in words.
    pub fn duty(self) -> &'static str {
        match self {
            Role::AdmissionOfficer => "受理和审查新建项目准入（四（一））",
            Role::Approver => "决定准入、批准政策与指标、审批违约处理",
            Role::Inspector => "现场检查，维护宗地",
            Role::ContractClerk => "出让合同与分阶段权证的全生命周期管理（四（一）3）",
            Role::Evaluator => {
                "牵头部门人员：制定本部门牵头类别的评价方案、核算并报请签发；须填写所属部门（二（一）1）"
            }
            Role::GroupOffice => "领导小组办公室人员：登记领导小组的会议和决议，依据决议签发评价结果（五（一））",
            Role::DataSteward => "所属部门数据的确认与一票否决登记，出具部门意见（二（一）1）",
            Role::SubdistrictClerk => "本街道企业的组织申报（二（一）1）",
            Role::Auditor => "查阅审计记录，审计差别化资源配置（五（二））",
            Role::Administrator => "管理账号，维护台账",
        }
    }

    pub fn may(self, access: Access) -> bool {
        use Access::*;
        match access {
            Public | SignedIn => true,
            ReadRegisters => true,
            WriteParcels => matches!(self, Role::Administrator | Role::ContractClerk | Role::Inspector),
            WriteEnterprises => matches!(
                self,
                Role::Administrator
                    | Role::ContractClerk
                    | Role::Evaluator
                    | Role::DataSteward
                    | Role::SubdistrictClerk
            ),
            WriteContracts => matches!(self, Role::Administrator | Role::ContractClerk),
            DecideBreaches => matches!(self, Role::Approver),
            ImportFiles => matches!(
                self,
                Role::Administrator
                    | Role::ContractClerk
                    | Role::Evaluator
                    | Role::DataSteward
                    | Role::SubdistrictClerk
            ),
            ConfirmFigures => matches!(self, Role::DataSteward),
            ReadCases => true,
            HandleCases => matches!(self, Role::AdmissionOfficer),
            GiveOpinions => matches!(self, Role::DataSteward),
            DecideCases => matches!(self, Role::Approver),
            ConfirmSetAside => matches!(self, Role::AdmissionOfficer | Role::Approver),
            ManageOffers => matches!(self, Role::AdmissionOfficer | Role::ContractClerk | Role::Administrator),
            RunWhatIf => matches!(self, Role::Evaluator | Role::Administrator),
            SubmitPolicy => matches!(self, Role::AdmissionOfficer | Role::Evaluator | Role::Approver),
            ApprovePolicy => matches!(self, Role::Approver),
            RunEvaluation => matches!(self, Role::Evaluator),
            KeepAdjustments => matches!(self, Role::Evaluator | Role::DataSteward),
            KeepVetoes => matches!(self, Role::Evaluator | Role::DataSteward),
            KeepEvaluationLists => matches!(self, Role::Evaluator | Role::GroupOffice),
            SignEvaluation | KeepLeadingGroup => matches!(self, Role::GroupOffice),
            HandleRemediation => matches!(self, Role::Evaluator | Role::ContractClerk),
            WorkRemediation => matches!(
                self,
                Role::Evaluator | Role::ContractClerk | Role::DataSteward | Role::SubdistrictClerk | Role::Inspector
            ),
            AcceptRemediation => matches!(self, Role::Evaluator | Role::DataSteward | Role::Approver),
            StrikeOffRemediation => matches!(self, Role::Approver | Role::GroupOffice),
            RunEnforcement => matches!(self, Role::Evaluator | Role::ContractClerk | Role::GroupOffice),
            WorkEnforcement => matches!(self, Role::Evaluator | Role::ContractClerk | Role::DataSteward),
            HandOverMeasures => matches!(self, Role::Evaluator | Role::GroupOffice),
            ReportAllocation => matches!(self, Role::Evaluator | Role::GroupOffice | Role::DataSteward),
            AuditAllocation => matches!(self, Role::Auditor),
            RunSurvey => matches!(self, Role::ContractClerk | Role::Evaluator | Role::Approver),
            WorkSurvey => matches!(self, Role::Inspector | Role::SubdistrictClerk | Role::ContractClerk),
            SettleSurvey => matches!(self, Role::ContractClerk | Role::Administrator),
            ReadInspections => matches!(
                self,
                Role::Administrator
                    | Role::ContractClerk
                    | Role::Inspector
                    | Role::SubdistrictClerk
                    | Role::Approver
                    | Role::Evaluator
                    | Role::GroupOffice
                    | Role::Auditor
            ),
            DoInspections => matches!(self, Role::Inspector),
            AssignInspections => matches!(self, Role::Administrator | Role::ContractClerk),
            SeeInspectionPlaces => {
                matches!(self, Role::Administrator | Role::ContractClerk | Role::Inspector | Role::Auditor)
            }
            ReadAudit => matches!(self, Role::Auditor | Role::Administrator),
            ManageAccounts => matches!(self, Role::Administrator),
        }
    }
}
